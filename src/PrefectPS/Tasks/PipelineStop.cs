using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>Distinguishes a pipeline that is really being stopped from a PipelineStoppedException that a script threw, or that comes from another pipeline.</summary>
internal static class PipelineStop
{
    // PowerShell checks at each loop iteration whether the pipeline is being stopped. There is no other public API that detects this immediately.
    private const string OneTurn = "foreach ($__turn in 1) { }";

    /// <summary>True if the pipeline that runs on this thread is being stopped.</summary>
    public static bool IsRequested()
    {
        try
        {
            ScriptBlock.Create(OneTurn).Invoke();
            return false;
        }
        catch (PipelineStoppedException)
        {
            return true;
        }
    }
}
