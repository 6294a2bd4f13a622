using Microsoft.PowerShell;

namespace PrefectPS.Host.CommandLine;

/// <summary>What the command line asks for. Without a <see cref="Script"/>, that is the help or the version.</summary>
internal sealed record HostOptions
{
    public Script? Script { get; private init; }

    public bool ShowsVersion { get; private init; }

    public bool NonInteractive { get; private init; }

    public ExecutionPolicy? ExecutionPolicy { get; private init; }

    /// <exception cref="UsageException">The arguments cannot be followed.</exception>
    public static HostOptions Parse(string[] arguments, bool inputIsRedirected)
    {
        var options = new HostOptions();
        for (var index = 0; index < arguments.Length; index++)
        {
            var rest = arguments[(index + 1)..];
            switch (OptionName(arguments[index]))
            {
                case null:
                    return options with { Script = FromFileOrInput(arguments[index], rest) };
                case "file" or "f":
                    return options with { Script = FromFileOrInput(First(rest, arguments[index]), rest[1..]) };
                case "command" or "c":
                    return options with { Script = FromTextOrInput(First(rest, arguments[index]), rest) };
                case "commandwithargs" or "cwa":
                    return options with { Script = Script.FromText(First(rest, arguments[index]), rest[1..]) };
                case "noninteractive" or "noni":
                    options = options with { NonInteractive = true };
                    break;
                case "executionpolicy" or "ex" or "ep":
                    options = options with { ExecutionPolicy = ParsePolicy(First(rest, arguments[index])) };
                    index++;
                    break;
                case "nologo" or "nol" or "noprofile" or "nop":
                    break;
                case "help" or "h" or "?":
                    return new HostOptions();
                case "version" or "v":
                    return new HostOptions { ShowsVersion = true };
                default:
                    throw new UsageException($"unknown option '{arguments[index]}'; 'prefectps -Help' lists the options.");
            }
        }

        return inputIsRedirected
            ? options with { Script = Script.FromStandardInput([]) }
            : throw new UsageException("which script? 'prefectps script.ps1' runs a file; 'prefectps -Help' says more.");
    }

    private static string? OptionName(string argument) => argument switch
    {
        ['-', '-', _, ..] => argument[2..].ToLowerInvariant(),
        ['-', _, ..] => argument[1..].ToLowerInvariant(),
        _ => null,
    };

    private static string First(string[] rest, string option) =>
        rest is [var value, ..] ? value : throw new UsageException($"the option '{option}' needs a value.");

    private static Script FromFileOrInput(string path, string[] arguments) =>
        path is "-" ? Script.FromStandardInput(arguments) : Script.FromFile(path, arguments);

    // Everything after -Command is text of the command, as in pwsh.
    private static Script FromTextOrInput(string text, string[] words) =>
        text is "-" ? Script.FromStandardInput(words[1..]) : Script.FromText(string.Join(' ', words), []);

    private static ExecutionPolicy ParsePolicy(string name) =>
        Enum.TryParse<ExecutionPolicy>(name, ignoreCase: true, out var policy) && Enum.IsDefined(policy)
            ? policy
            : throw new UsageException(
                $"'{name}' is not an execution policy; one of {string.Join(", ", Enum.GetNames<ExecutionPolicy>())}.");
}
