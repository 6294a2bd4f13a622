using System.Management.Automation;
using PrefectPS.Module.Tests.Support;

namespace PrefectPS.Module.Tests.Sessions;

public sealed class ImportTests
{
    private const string Answer = "(Invoke-Flow (New-Flow import { task answer { 42 } })).Tasks[0].Result";

    [Theory]
    [InlineData("")]
    [InlineData("Import-Module $manifest")]
    [InlineData("Import-Module $manifest -Force")]
    [InlineData("Import-Module $manifest -Force; Import-Module $manifest -Force")]
    [InlineData("Remove-Module PrefectPS; Import-Module $manifest")]
    [InlineData("Remove-Module PrefectPS; Import-Module $manifest -Force; Import-Module $manifest")]
    public void The_commands_work_however_often_the_module_is_imported(string script)
    {
        using var session = ModuleSession.Open();
        session.Set("manifest", Repository.Manifest);
        session.Run(script);

        Assert.Equal(42, session.Run(Answer).Single());
        Assert.Single(session.Run("Get-Module PrefectPS").Output);
    }

    [Fact]
    public void A_flow_made_before_the_module_was_imported_again_still_runs()
    {
        using var session = ModuleSession.Open();
        session.Set("manifest", Repository.Manifest);

        var outcome = session.Run("$flow = New-Flow old { task a { 42 } }; Import-Module $manifest -Force; (Invoke-Flow $flow).Tasks[0].Result");

        Assert.Equal(42, outcome.Single());
    }

    [Fact]
    public void A_removed_module_takes_its_commands_with_it()
    {
        using var session = ModuleSession.Open();
        session.Run("Remove-Module PrefectPS");

        Assert.Empty(session.Run("Get-Command -Module PrefectPS").Output);
        Assert.Throws<CommandNotFoundException>(() => session.Run("New-Flow gone"));
    }

    [Fact]
    public void Two_sessions_of_one_process_each_have_the_module()
    {
        using var first = ModuleSession.Open();
        using var second = ModuleSession.Open();

        Assert.Equal(42, first.Run(Answer).Single());
        Assert.Equal(42, second.Run(Answer).Single());
    }

    [Fact]
    public void Two_sessions_run_flows_at_the_same_time()
    {
        using var first = ModuleSession.Open();
        using var second = ModuleSession.Open();
        using var meeting = new Barrier(2);
        first.Set("meeting", meeting);
        second.Set("meeting", meeting);
        const string Meet = "(Invoke-Flow (New-Flow meet { task a { $meeting.SignalAndWait([timespan]::FromMinutes(1)) } })).Tasks[0].Result";

        using var shell = first.Prepare(Meet);
        var running = shell.BeginInvoke();
        var met = second.Run(Meet).Single();

        Assert.Equal(true, met);
        Assert.Equal(true, Assert.Single(shell.EndInvoke(running)).BaseObject);
    }

    [Fact]
    public void A_state_document_goes_from_one_session_to_another()
    {
        using var first = ModuleSession.Open();
        using var second = ModuleSession.Open();
        const string Flow = "$flow = New-Flow moved { task a { 41 }; task b { param($n) $n + 1 } -InputFrom @{ n = 'a' } }; ";

        var document = first.Run(Flow + "Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState").Single();
        var result = second.Run(Flow + "($args[0] | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep).Tasks[1].Result", document);

        Assert.Equal(42, result.Single());
    }

    [Fact]
    public void A_module_that_was_not_built_says_what_to_do()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["bin/PrefectPS.Loader"]);
        File.Copy(Repository.Manifest, folder["PrefectPS.psd1"]);
        foreach (var file in new[] { "PrefectPS.Loader/PrefectPS.psm1", "PrefectPS.Loader/PrefectPS.Loader.dll", "PrefectPS.Format.ps1xml" })
            File.Copy(Path.Combine(Repository.ModuleFolder, file), folder["bin/" + file]);
        using var session = ModuleSession.OpenBare();

        var e = Assert.ThrowsAny<RuntimeException>(() => session.Run("Import-Module $args[0]", folder["PrefectPS.psd1"]));

        Assert.Contains("dotnet build", e.Message, StringComparison.Ordinal);
    }
}
