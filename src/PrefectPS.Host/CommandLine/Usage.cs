using System.Management.Automation;
using System.Reflection;

namespace PrefectPS.Host.CommandLine;

/// <summary>What <c>-Help</c> and <c>-Version</c> print.</summary>
internal static class Usage
{
    public const string Text =
        """
        prefectps runs PowerShell scripts with the PrefectPS module at hand.

          prefectps [options] script.ps1 [argument ...]
          prefectps [options] -Command text
          prefectps [options] -CommandWithArgs text [argument ...]
          prefectps [options] - [argument ...]

        What to run; the last option, as all that follows belongs to it:
          -File, -f path             the script file; the word -File may be left out
          -Command, -c text          commands; further words are joined to the text
          -CommandWithArgs, -cwa     commands whose further words are $args
          -                          commands read from standard input

        Options:
          -NonInteractive, -noni     never ask: a prompt is an error
          -ExecutionPolicy, -ep      the policy for this process (Windows only)
          -NoProfile, -NoLogo        accepted; there is no profile and no logo
          -Version, -v               print the version
          -Help, -h, -?              print this text

        Redirected standard input is the script's $input.

        Exit status: the script's own (exit n), 0 at its end, 1 after an error that ended it, 64 when the command line is wrong,
        130 or 143 when Ctrl+C or a termination request stopped it.
        """;

    /// <summary>The versions of the host and of the engine inside.</summary>
    public static string Version =>
        $"prefectps {InformationalVersion(typeof(Usage).Assembly)} (PowerShell {InformationalVersion(typeof(PSObject).Assembly)})";

    private static string InformationalVersion(Assembly assembly) =>
        assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', ' ')[0];
}
