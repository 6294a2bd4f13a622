using System.Management.Automation;
using PrefectPS.Flows;
using PrefectPS.Tasks;

namespace PrefectPS.Commands;

/// <summary>Parses <c>Add-FlowTask -RerunOn -SourceFile</c>.</summary>
internal static class RerunParameter
{
    /// <summary>The conditions under which an existing target is rebuilt; null for none.</summary>
    /// <param name="task">The task's name, for the error.</param>
    /// <param name="on">What is recorded about the target.</param>
    /// <param name="files">The source files, which must not be newer than the target.</param>
    /// <param name="inputs">All parameters that the task's body takes.</param>
    /// <param name="session">The session, to resolve relative paths.</param>
    /// <exception cref="FlowException"><see cref="FlowErrorId.TaskInvalid"/>: a path is empty, or not in the file system.</exception>
    public static RerunPolicy? Resolve(string task, RerunOn[] on, string[] files, IReadOnlyList<string> inputs, SessionState session) =>
        on.Length + files.Length == 0 ? null : new()
        {
            OnScript = Array.IndexOf(on, RerunOn.Script) >= 0,
            OnInput = Array.IndexOf(on, RerunOn.Input) >= 0,
            Inputs = inputs,
            Files = files.Length == 0 ? null : new SourceFiles(task, files, Array.ConvertAll(files, file => PathOf(task, file, session))),
        };

    private static string PathOf(string task, string file, SessionState session) =>
        file.Trim().Length == 0 ? throw FlowErrors.TaskInvalid(task, "a -SourceFile of it has no name")
        : LocalAddress.FullPath(file, session) ?? throw FlowErrors.TaskInvalid(task, $"its -SourceFile '{file}' is not in the file system");
}
