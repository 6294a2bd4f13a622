namespace PrefectPS.Running;

/// <summary>Nobody wants to know.</summary>
internal sealed class NoNotices : IStepNotices
{
    public static readonly NoNotices Instance = new();

    public void Warn(string text)
    {
    }

    public void Report(FlowException error)
    {
    }
}
