using System.Management.Automation;

namespace PrefectPS.Completion;

/// <summary>Reads variables of the session that requests completion, because a completer receives no session.</summary>
internal static class SessionVariable
{
    private const string Script = "param($name) , $ExecutionContext.SessionState.PSVariable.GetValue($name)";

    /// <summary>The session itself.</summary>
    public static SessionState Session => (SessionState)ScriptBlock.Create("$ExecutionContext.SessionState").Invoke()[0].BaseObject;

    /// <summary>Its value; null if it does not exist.</summary>
    /// <param name="name">Its name, which may have a scope prefix.</param>
    public static object? Read(string name) => ScriptBlock.Create(Script).Invoke(name).FirstOrDefault();
}
