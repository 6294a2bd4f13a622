using System.Collections;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PrefectPS.Loader;

/// <summary>
/// Returns the module's assembly to its script (PrefectPS.psm1), and lets scripts use the names of its types until the module is removed. It is a cmdlet because
/// the first operator, condition or method call in a script costs a new process more time than all of this.
/// </summary>
[Cmdlet(VerbsCommon.Get, "PrefectPSAssembly")]
public sealed class GetModuleAssemblyCommand : PSCmdlet
{
    private static readonly ConditionalWeakTable<object, Assembly> Imported = new(); // by session

    private static Action? _forgetTypes;

    /// <summary>Removes the names of the module's types from the session.</summary>
    internal static void ForgetTypes() => _forgetTypes?.Invoke();

    /// <summary>Writes the assembly with the cmdlets. A session that imports it again gets no cmdlets from that, so its existing module is imported here.</summary>
    protected override void ProcessRecord()
    {
        var assembly = Load(ModuleLoader.FolderIn(Path.GetDirectoryName(MyInvocation.PSScriptRoot)!));
        var types = assembly.GetType("PrefectPS.SessionTypes", throwOnError: true)!;
        Call(types, "Register")();
        _forgetTypes = Call(types, "Remove");
        var session = SessionState.PSVariable.GetValue("ExecutionContext");
        if (Imported.TryGetValue(session, out _))
            InvokeCommand.InvokeScript(SessionState, ScriptBlock.Create("Import-Module -ModuleInfo (Import-Module -Assembly $args[0] -PassThru)"), assembly);
        else
            Imported.Add(session, assembly);
        WriteObject(assembly);
    }

    private Assembly Load(string folder)
    {
        try
        {
            return ModuleLoader.Load(folder);
        }
        catch (Exception error) when (LoadFault.Of(ModuleLoader.IsFramework, PowerShellVersion, folder) is { } fault)
        {
            throw new FileLoadException(fault, error);
        }
    }

    // A Version in Windows PowerShell, a SemanticVersion in PowerShell 7, which converts to one.
    private Version PowerShellVersion =>
        LanguagePrimitives.ConvertTo<Version>(((IDictionary)SessionState.PSVariable.GetValue("PSVersionTable"))["PSVersion"]);

    private static Action Call(Type type, string method) => (Action)Delegate.CreateDelegate(typeof(Action), type, method);
}
