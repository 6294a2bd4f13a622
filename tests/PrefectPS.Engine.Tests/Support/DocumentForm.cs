namespace PrefectPS.Engine.Tests.Support;

/// <summary>Forms of documents that carry a run.</summary>
public enum DocumentForm
{
    Json,
    Compact,
    Prefect,
}
