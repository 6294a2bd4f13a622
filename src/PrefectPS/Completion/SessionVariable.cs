using System.Management.Automation;

namespace PrefectPS.Completion;

/// <summary>Reads a variable of the session in which completion was asked for; a completer is given no session of its own.</summary>
internal static class SessionVariable
{
    private const string Script = "param($name) , $ExecutionContext.SessionState.PSVariable.GetValue($name)";

    /// <summary>The session itself.</summary>
    public static SessionState Session => (SessionState)ScriptBlock.Create("$ExecutionContext.SessionState").Invoke()[0].BaseObject;

    /// <summary>Its value; null where there is none.</summary>
    /// <param name="name">Its name, which may begin with a scope.</param>
    public static object? Read(string name) => ScriptBlock.Create(Script).Invoke(name).FirstOrDefault();
}
