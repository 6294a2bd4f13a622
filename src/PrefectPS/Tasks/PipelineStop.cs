using System.Management.Automation;

namespace PrefectPS.Tasks;

/// <summary>Tells a pipeline that somebody stops from an exception that only says so: a script can throw it, or wait for another pipeline that was stopped.</summary>
internal static class PipelineStop
{
    // PowerShell looks at each turn of a loop whether the running pipeline is being stopped. It has no other public way to ask from the first moment on.
    private const string OneTurn = "foreach ($__turn in 1) { }";

    /// <summary>Whether the pipeline that runs on this thread is being stopped.</summary>
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
