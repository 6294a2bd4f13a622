using Orleans;
using PrefectPS.Cluster;
using PrefectPS.Orleans.Membership;
using PrefectPS.Orleans.Steps;

namespace PrefectPS.Integration.Tests.Clusters;

/// <summary>The values sent between a step and its workers: large ones, files, secrets, and many bodies at once.</summary>
[Trait("Load", "heavy")]
public sealed class SentValuesTests
{
    private const string Certificate = """
        $file = Join-Path $Folder cluster.pfx
        if (-not (Test-Path $file)) {
            $key = [Security.Cryptography.RSA]::Create(2048)
            $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=flows', $key, 'SHA256', [Security.Cryptography.RSASignaturePadding]::Pkcs1)
            [IO.File]::WriteAllBytes($file, $request.CreateSelfSigned([datetime]::Now.AddDays(-1), [datetime]::Now.AddDays(1)).Export('Pfx', 'pw'))
        }
        $certificate = [Security.Cryptography.X509Certificates.X509CertificateLoader]::LoadPkcs12FromFile($file, 'pw')
        """;

    [Fact]
    public async Task Large_values_and_files_go_through_the_store_and_are_deleted_afterwards()
    {
        await using var lab = new ClusterLab(address: null, """
            $flow = New-Flow large -Store $Store -Serializer Json {
                task middle { 'm' * 70000 }
                task large { 'x' * 100MB }
                task measure { param($a, $b) "$($a.Length) and $($b.Length)" } -InputFrom @{ a = 'middle'; b = 'large' }
                task file { $f = Join-Path ([IO.Path]::GetTempPath()) "lab-$PID.txt"; [IO.File]::WriteAllText($f, 'of the worker'); Get-Item $f }
                task read { param($f) Get-Content $f; $f.FullName } -InputFrom @{ f = 'file' }
                task kept { param($read) Test-Path $read[1] } -InputFrom @{ read = 'read' }
                task live { Get-Process -Id $PID }
            }
            """);
        await lab.StartWorkerAsync();
        var text = await lab.RunStepAsync("$run = Invoke-Flow $flow -Cluster $Cluster; $t = $run.Tasks; \"$($run.State) $($t[2].Result) $($t[4].Result[0]) $($t[5].Result)\"; \"$($t[6].Message) Stack: '$($t[6].Error.Stack)'\"; $t.Message | Where-Object { $_ -notlike '*succeeded*' }");
        Assert.Contains("Failed 70000 and 104857600 of the worker False", text, StringComparison.Ordinal);
        Assert.Matches("The result of task 'live' cannot be written.* Stack: ''", text);
        Assert.DoesNotContain(Directory.GetFiles(lab.Folder, "*", SearchOption.AllDirectories), file => file.Contains("/cluster/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_shared_store_a_value_too_large_for_a_message_fails_its_task_with_a_remedy()
    {
        await using var lab = new ClusterLab(address: null, """
            $none = New-Flow none { task middle { 'm' * 1MB }; task large { 'x' * 17MB } }
            $memory = New-Flow memory -Store memory: { task middle { 'm' * 1MB } }
            $other = New-Flow other -Store "$Store.$Role" { task middle { 'm' * 1MB }; task given { param($m) $m.Length } -Argument @{ m = 'm' * 1MB }; task file { Get-Item "$env:LAB_MARKS/../script1.ps1" } }
            $flow = $none, $memory, $other
            """);
        await lab.StartWorkerAsync();
        var text = await lab.RunStepAsync("foreach ($each in $flow) { foreach ($t in (Invoke-Flow $each -Cluster $Cluster).Tasks) { \"$($each.Name) $($t.Slug) $(\"$($t.Result)\".Length) $($t.State) $($t.Message)\" } }");
        Assert.Contains("none middle 1048576 Success", text, StringComparison.Ordinal);
        Assert.Matches("none large 0 Failed .*New-Flow -Store", text);
        Assert.Contains("memory middle 1048576 Success", text, StringComparison.Ordinal);
        foreach (var task in new[] { "middle", "given", "file" })
            Assert.Matches($"other {task} 0 Failed .*A value was sent through the flow's store, but is not in the store of this process, '[^']*store[.](step|worker)'. Worker and step have different stores", text);
    }

    [Fact]
    public async Task Without_a_certificate_no_secret_is_sent_by_any_way()
    {
        await using var lab = new ClusterLab(address: null, """
            $secret = ConvertTo-SecureString 'hidden word' -AsPlainText -Force
            $flow = New-Flow secrets {
                task sensitive { 'hidden word' } -Sensitive
                task argument { param($s) 1 } -Argument @{ s = $secret }
                task using { $using:secret; 1 }
                task returns { [pscredential]::new('me', (ConvertTo-SecureString 'hidden word' -AsPlainText -Force)) }
                task none { 'none' }
            }
            """);
        await lab.StartWorkerAsync();
        var text = await lab.RunStepAsync("$run = Invoke-Flow $flow -Cluster $Cluster; $run.Tasks | ForEach-Object { \"$($_.Slug) $($_.State) $($_.Message)\" }");
        foreach (var task in new[] { "sensitive", "argument", "using" })
            Assert.Matches($"{task} Failed .*New-FlowCluster -Certificate", text);
        Assert.Contains("returns Failed", text, StringComparison.Ordinal);
        Assert.Contains("none Success", text, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden word", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_certificate_secrets_are_sent_but_not_stored_or_shown_and_strangers_cannot_join()
    {
        await using var lab = new ClusterLab(address: null, Certificate + """

            $Cluster = New-FlowCluster $Cluster -Certificate $certificate
            $secret = ConvertTo-SecureString 'hidden word' -AsPlainText -Force
            $flow = New-Flow secrets -Store $Store {
                task sensitive { 'hidden word' * 10000 } -Sensitive
                task use { param($s) $s.Length } -InputFrom @{ s = 'sensitive' }
                task credential { [pscredential]::new('me', (ConvertTo-SecureString 'hidden word' -AsPlainText -Force)) } -Sensitive
                task open { param($c) $c.GetNetworkCredential().Password.Length } -InputFrom @{ c = 'credential' }
                task using { [Net.NetworkCredential]::new('', $using:secret).Password.Length }
            }
            """);
        await lab.StartWorkerAsync();
        var text = await lab.RunStepAsync("$run = Invoke-Flow $flow -Cluster $Cluster; \"$($run.State) $($run.Tasks[1, 3, 4].Result -join ' ')\"; $run.Tasks.Message | Where-Object { $_ -notlike '*succeeded*' }");
        Assert.Contains("Success 110000 11 11", text, StringComparison.Ordinal);
        foreach (var file in Directory.GetFiles(lab.Folder, "*", SearchOption.AllDirectories).Where(file => file.Contains("/store/", StringComparison.Ordinal)))
            Assert.DoesNotContain("hidden word", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        var refused = await lab.RunStepAsync($"Get-FlowWorker '{lab.Address}'");
        Assert.Contains("No worker of the cluster", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Running_bodies_are_stopped_together_at_the_budget()
    {
        var (bodies, budget) = (Series.Cases(sample: 200, whole: 1_000), Series.Cases(sample: 10, whole: 40));
        await using var lab = new ClusterLab(address: null, $$"""
            $flow = New-Flow many -Store $Store { task list { 1..{{bodies}} }; task wait { param($n) Start-Sleep -Seconds 300 } -Map @{ n = 'list' } }
            """);
        await lab.StartWorkerAsync($$"""{ "ThrottleLimit": {{bodies / 2}} }""");
        await lab.StartWorkerAsync($$"""{ "ThrottleLimit": {{bodies / 2}} }""");
        var text = await lab.RunStepAsync($"$clock = [Diagnostics.Stopwatch]::StartNew(); $run = Invoke-FlowStep $flow -Cluster $Cluster -TimeBudget {budget} -ResetCancelled; \"$($run.State) $(@($run.Tasks[1].Children | Where-Object State -eq Pending).Count) in $([int] $clock.Elapsed.TotalSeconds) s\"");
        Assert.Contains($"Pending {bodies} in", text, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(text);
    }

    [Fact]
    public async Task All_children_of_a_wide_map_run_in_workers()
    {
        var children = Series.Cases(sample: 2_000, whole: 10_000);
        await using var lab = new ClusterLab(address: null, $$"""$flow = New-Flow wide { task list { 1..{{children}} }; task each { param($n) $n * 2 } -Map @{ n = 'list' } }""");
        await lab.StartWorkerAsync("""{ "ThrottleLimit": 4 }""");
        await lab.StartWorkerAsync("""{ "ThrottleLimit": 4 }""");
        var text = await lab.RunStepAsync("$clock = [Diagnostics.Stopwatch]::StartNew(); $run = Invoke-Flow $flow -Cluster $Cluster; \"$($run.State) $(($run.Tasks[1].Result | Measure-Object -Sum).Sum) in $([int] $clock.Elapsed.TotalSeconds) s\"");
        Assert.Contains($"Success {children * (children + 1)} ", text, StringComparison.Ordinal);
        Assert.InRange(await RouterKeysAsync(lab.Address, calls: 20_000), 2, 1000);
        TestContext.Current.TestOutputHelper?.WriteLine(text);
    }

    // Orleans keeps each activated router for two hours: one per call would grow the memory of a worker with every body.
    private static async Task<int> RouterKeysAsync(string address, int calls)
    {
        var cluster = new FlowCluster(address);
        await using var client = await ClusterClient.ConnectAsync(cluster, Memberships.Of(cluster), _ => { }, TestContext.Current.CancellationToken);
        return Enumerable.Range(0, calls).Select(_ => client.Router.GetPrimaryKeyLong()).Distinct().Count();
    }
}
