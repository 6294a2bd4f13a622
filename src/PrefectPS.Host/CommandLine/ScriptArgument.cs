using System.Management.Automation.Runspaces;

namespace PrefectPS.Host.CommandLine;

/// <summary>One argument of the script, as the language would read it: <c>-Name</c>, <c>-Name:value</c> or a value.</summary>
internal static class ScriptArgument
{
    public static CommandParameter Parse(string argument)
    {
        if (!IsParameterName(argument))
            return new CommandParameter(null, argument);

        var colon = argument.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || colon == argument.Length - 1)
            return new CommandParameter(argument);
        return new CommandParameter(argument[..(colon + 1)], ToValue(argument[(colon + 1)..]));
    }

    // "-5" is a number and "-" a file name: only a letter or an underscore makes a name.
    private static bool IsParameterName(string argument) =>
        argument is ['-', var first, ..] && (char.IsLetter(first) || first == '_');

    // A switch can be turned off only by a boolean, and a command line has none.
    private static object ToValue(string text) => text.ToUpperInvariant() switch
    {
        "$TRUE" => true,
        "$FALSE" => false,
        _ => text,
    };
}
