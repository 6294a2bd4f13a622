BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
    Add-Type -AssemblyName System.Net.Http

    function Get-FreePort {
        $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $probe.Start()
        $probe.LocalEndpoint.Port
        $probe.Stop()
    }

    function Send-Request([Net.Http.HttpMethod] $Method, [string] $Address, [string] $Body = '', [string] $Secret = '') {
        $request = [Net.Http.HttpRequestMessage]::new($Method, $Address)
        if ($Method -eq [Net.Http.HttpMethod]::Post) { $request.Content = [Net.Http.StringContent]::new($Body) }
        $request.Headers.Add('X-PrefectPS-Secret', $Secret)
        [int] $client.SendAsync($request).GetAwaiter().GetResult().StatusCode
    }
}

Describe 'Start-FlowListener' {
    BeforeEach {
        $folder = New-TestFolder
        $prefix = "http://127.0.0.1:$(Get-FreePort)/"
        $client = [Net.Http.HttpClient]::new()
    }

    AfterEach {
        $client.Dispose()
    }

    It 'takes a step for each request of who knows the secret, and tells others by a number' {
        $session = [powershell]::Create().AddScript({
            param($Testing, $Prefix, $Folder)
            Import-Module $Testing
            $flow = New-Flow listened -Store "$Folder/store" { task a { 'one' }; task b { 'two' } -After a }
            Start-FlowListener $flow $Prefix -Channel "$Folder/next" -Secret known -MaxTasks 1 -MaxBodyBytes 1000 -Count 2 -Verbose -InformationAction Continue
        }).AddArgument("$PSScriptRoot/PrefectPS.Testing.psm1").AddArgument($prefix).AddArgument($folder)
        $listening = $session.BeginInvoke()
        do {
            Start-Sleep -Milliseconds 50
            $alive = try { Send-Request Get "${prefix}healthz" } catch { 0 }
        } until ($alive -eq 200 -or $listening.IsCompleted)

        Send-Request Post $prefix | Should -Be 401
        Send-Request Post $prefix -Secret known -Body 'no json' | Should -Be 400
        Send-Request Post $prefix -Secret known -Body ('x' * 2000) | Should -Be 413
        Send-Request Get $prefix | Should -Be 405
        Send-Request Post $prefix -Secret known | Should -Be 204
        $message = Receive-FlowMessage "$folder/next"
        Send-Request Post $prefix -Secret known -Body $message.Document | Should -Be 204
        $runs = $session.EndInvoke($listening)
        $verbose, $information = "$($session.Streams.Verbose)", "$($session.Streams.Information)"
        $session.Dispose()
        $verbose | Should -Match '\d\d:\d\d:\d\d a: Running .*\d\d:\d\d:\d\d b: Success in'
        $information | Should -Match '^a: Success in [\d:.]+ b: Success in [\d:.]+$'
        $runs.Step | Should -BeStrictly 1, 2
        "$($runs.State)" | Should -Be 'Pending Success'
    }

    It 'keeps what tasks write on record, <Name>' -ForEach @(
        @{ Name = 'unless -NoLog says otherwise'; NoLog = $true; Lines = 0 }
        @{ Name = 'unless told otherwise'; NoLog = $false; Lines = 1 }
    ) {
        $session = [powershell]::Create().AddScript({
            param($Testing, $Prefix, $Folder, $NoLog)
            Import-Module $Testing
            $flow = New-Flow listened -Store "$Folder/store" { task a { Write-Host 'said' } }
            Start-FlowListener $flow $Prefix -Channel "$Folder/next" -Secret known -Count 1 -NoLog:$NoLog
        }).AddArgument("$PSScriptRoot/PrefectPS.Testing.psm1").AddArgument($prefix).AddArgument($folder).AddArgument($NoLog)
        $listening = $session.BeginInvoke()
        do {
            Start-Sleep -Milliseconds 50
            $alive = try { Send-Request Get "${prefix}healthz" } catch { 0 }
        } until ($alive -eq 200 -or $listening.IsCompleted)
        Send-Request Post $prefix -Secret known | Should -Be 204
        $run = $session.EndInvoke($listening)
        $session.Dispose()
        $run.State | Should -Be 'Success'
        @(Get-FlowRun -Store "$folder/store" | Get-FlowLog -Stream Host) | Should -HaveCount $Lines
    }

    It 'refuses an address that it cannot listen at, and says what to type' {
        $flow = New-Flow refused { task a { } }
        { Start-FlowListener $flow 'https://+:8443/' -Channel memory:refused -Anonymous } |
            Should -Throw -ErrorId 'FlowChannelFailed,*' -ExpectedMessage '*listen at http://*Use an address such as http://+:8080/*'
    }
}
