using System.Collections;
using System.Management.Automation;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace PrefectPS.Loader;

/// <summary>
/// What the module's script (PrefectPS.psm1) imports. A command, because the first operator, condition or method call that a new process meets in a
/// script takes it longer than all of this. Until the module is removed, scripts can name its types.
/// </summary>
[Cmdlet(VerbsCommon.Get, "PrefectPSAssembly")]
public sealed class GetModuleAssemblyCommand : PSCmdlet
{
    private static readonly ConditionalWeakTable<object, Assembly> Imported = new(); // by session

    private static Action? _forgetTypes;

    /// <summary>Removes the names of the module's types from the session.</summary>
    internal static void ForgetTypes() => _forgetTypes?.Invoke();

    /// <summary>Puts out the assembly with the cmdlets. Where the session has imported that before, it brings none again, and its module is imported here.</summary>
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
