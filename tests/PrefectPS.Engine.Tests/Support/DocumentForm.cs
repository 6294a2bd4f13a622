namespace PrefectPS.Engine.Tests.Support;

/// <summary>The forms in which a run travels.</summary>
public enum DocumentForm
{
    Json,
    Compact,
    Prefect,
}
