namespace PrefectPS.Running;

/// <summary>Discards all notices.</summary>
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
