using System.Text.RegularExpressions;

namespace PrefectPS.Integration.Tests.Host;

public sealed class PromptTests
{
    private const string AskName = "function Greet { param([Parameter(Mandatory)] [string] $Name) \"hello $Name\" }; Greet";

    [Theory]
    [InlineData("$Host.UI.ReadLine()")]
    [InlineData("$Host.UI.ReadLineAsSecureString()")]
    [InlineData("$Host.UI.PromptForChoice('c', 'm', @('&Yes', '&No'), 0)")]
    [InlineData("$Host.UI.PromptForCredential('c', 'm', 'me', '')")]
    [InlineData("$Host.UI.RawUI.ReadKey()")]
    public async Task A_question_where_no_one_is_there_is_one_clear_error(string question)
    {
        var result = await HostProcess.RunCommandAsync($"$ErrorActionPreference = 'Stop'; {question}", "an answer\n");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("prefectps cannot ask for input here", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_mandatory_parameter_where_no_one_is_there_is_named()
    {
        var result = await HostProcess.RunCommandAsync(AskName);

        Assert.Contains("missing mandatory parameters: Name", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mandatory_parameter_is_asked_for()
    {
        Terminal.Require();
        await using var host = Terminal.Start(AskName);

        await host.WriteAsync("world\n");

        var result = await host.WaitAsync();
        Assert.Contains("Name: ", result.Output, StringComparison.Ordinal);
        Assert.Contains("hello world", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_is_seen_when_the_output_goes_to_a_file()
    {
        Terminal.Require();
        using var folder = new TemporaryFolder();
        await using var host = Terminal.Start(AskName, redirection: $"> '{folder["out"]}'");

        await host.ReadUntilAsync("Name: ");
        await host.WriteAsync("world\n");
        await host.WaitAsync();

        Assert.Equal("hello world\n", await File.ReadAllTextAsync(folder["out"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_list_is_asked_for_item_by_item_and_again_when_an_item_is_wrong()
    {
        Terminal.Require();
        await using var host = Terminal.Start("function Add { param([Parameter(Mandatory)] [int[]] $Number) $Number -join '+' }; Add");

        await host.WriteAsync("1\ntwo\n2\n\n");

        var result = await host.WaitAsync();
        Assert.Contains("'two' is not a Int32.", result.Output, StringComparison.Ordinal);
        Assert.Contains("1+2", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_choice_is_made_by_key_label_or_enter()
    {
        Terminal.Require();
        const string Ask = "$Host.UI.PromptForChoice('Title', 'Which?', @('&Red', '&Green', 'B&lue'), 1)";
        await using var host = Terminal.Start($"$a = {Ask}; $b = {Ask}; $c = {Ask}; \"chose $a $b $c\"");

        await host.WriteAsync("?\nL\nred\n\n");

        var result = await host.WaitAsync();
        Assert.Contains("[R] Red  [G] Green  [L] Blue  [?] Help (default is \"G\"): ", result.Output, StringComparison.Ordinal);
        Assert.Contains("chose 2 0 1", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_not_shown()
    {
        Terminal.Require();
        await using var host = Terminal.Start(
            "tty; $c = $Host.UI.PromptForCredential('', '', '', ''); \"$($c.UserName) $($c.GetNetworkCredential().Password.Length)\"");

        var device = Regex.Match(await host.ReadUntilAsync("User: "), @"/dev/[\w/]+", RegexOptions.NonBacktracking).Value;
        await host.WriteAsync("joe\n");
        await host.ReadUntilAsync("Password for user joe: ");
        await Terminal.WaitUntilHiddenAsync(device);
        await host.WriteAsync("s3cretX\u007f\n");

        var result = await host.WaitAsync();
        Assert.Contains("joe 6", result.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("s3", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NonInteractive_does_not_ask_even_on_a_terminal()
    {
        Terminal.Require();
        await using var host = HostProcess.StartProgram(
            "/usr/bin/script", ["-qec", $"dotnet '{HostProcess.HostPath}' -NonInteractive -c '$Host.UI.ReadLine()'", "/dev/null"]);

        Assert.Contains("-NonInteractive was given", (await host.WaitAsync()).Output, StringComparison.Ordinal);
    }
}
