using System.Management.Automation;
using Microsoft.PowerShell.Commands;

namespace PrefectPS.Host.Sessions;

/// <summary>
/// Out-Default, that also shows what it still holds back when the pipeline ends early: it waits a moment for more rows before it prints
/// a table, and an <c>exit</c> or an error right after the last row would lose them.
/// </summary>
[Cmdlet("Out", "Console")]
internal sealed class OutConsoleCommand : OutDefaultCommand
{
    public const string Name = "Out-Console";

    private bool _holdsBack;

    protected override void BeginProcessing()
    {
        _holdsBack = true;
        base.BeginProcessing();
    }

    protected override void EndProcessing()
    {
        _holdsBack = false;
        base.EndProcessing();
    }

    protected override void InternalDispose()
    {
        try
        {
            if (_holdsBack)
                base.EndProcessing();
        }
        catch (PipelineStoppedException)
        {
            // Stopped from outside: no more output is expected.
        }

        base.InternalDispose();
    }
}
