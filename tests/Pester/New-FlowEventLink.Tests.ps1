BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
    Add-Type -AssemblyName System.Net.Http

    function ConvertFrom-Link([uri] $Link) {
        # What the link says, which anybody can read who has it.
        $text = $Link.Query.Substring('?link='.Length).Split('.')[0].Replace('-', '+').Replace('_', '/')
        [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($text.PadRight([int] [Math]::Ceiling($text.Length / 4) * 4, '='))) | ConvertFrom-Json
    }

    function Get-FreePort {
        $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $probe.Start()
        $probe.LocalEndpoint.Port
        $probe.Stop()
    }

    function Send-Http([Net.Http.HttpMethod] $Method, [uri] $Address, [hashtable] $Form) {
        $request = [Net.Http.HttpRequestMessage]::new($Method, $Address)
        if ($Form) {
            $fields = [Collections.Generic.Dictionary[string, string]]::new()
            foreach ($entry in $Form.GetEnumerator()) { $fields[$entry.Key] = $entry.Value }
            $request.Content = [Net.Http.FormUrlEncodedContent]::new($fields)
        }
        $answer = $client.SendAsync($request).GetAwaiter().GetResult()
        [pscustomobject] @{ Status = [int] $answer.StatusCode; Text = $answer.Content.ReadAsStringAsync().GetAwaiter().GetResult() }
    }
}

Describe 'New-FlowEventLink' {
    BeforeEach {
        $folder = New-TestFolder
        $key = [byte[]] (1..32)
        $common = @{ BaseUri = 'https://flows.contoso.com/approvals'; SigningKey = $key; ExpiresIn = '02:00:00' }
    }

    Context 'from a console' {
        BeforeEach {
            $flow = New-Flow release -Store $folder {
                task ask { param([ValidateSet('yes', 'no')] $Answer) $Answer } -WaitForEvent approval
                task each { param($x, $Go) $x } -MapArgument @{ x = 1, 2 } -WaitForEvent 'go-{map_index}'
            }
            $null = Invoke-FlowStep $flow -RunId r1
        }

        It 'makes an address for a run, of which only its key makes sense' {
            $link = Get-FlowRun $flow -RunId r1 | New-FlowEventLink -Name Approval @common
            $link | Should -BeOfType uri
            "$link" | Should -Match '^https://flows\.contoso\.com/approvals/events\?link=[\w-]+\.[\w-]+\.[\w-]{43}$'
            $said = ConvertFrom-Link $link
            $said.flow, $said.run, $said.event | Should -BeStrictly 'release', 'r1', 'Approval'
            $said.expires - [DateTimeOffset]::UtcNow.ToUnixTimeSeconds() | Should -BeGreaterThan 7190
            $said.expires - [DateTimeOffset]::UtcNow.ToUnixTimeSeconds() | Should -BeLessOrEqual 7200
            (ConvertFrom-Link (Get-FlowRun $flow -RunId r1 | New-FlowEventLink -Name approval @common)).id | Should -Not -Be $said.id
        }

        It 'takes a run as <Way>' -ForEach @(
            @{ Way = '-Flow and -RunId'; Given = { @{ Flow = $flow; RunId = 'r1' } } }
            @{ Way = '-Store, -FlowName and -RunId'; Given = { @{ Store = $folder; FlowName = 'release'; RunId = 'r1' } } }
            @{ Way = 'a state'; Given = { @{ Run = Get-FlowRun $flow -RunId r1 | Set-FlowTaskState -Task ask -To Pending } } }
        ) {
            $given = & $Given
            (ConvertFrom-Link (New-FlowEventLink @given -Name approval @common)).run | Should -BeExactly r1
        }

        It 'takes keys as ConvertFrom-FlowState does' {
            $common.Remove('SigningKey')
            $secret = ConvertTo-SecureString 'a key of 16 characters' -AsPlainText -Force
            (New-FlowEventLink -Flow $flow -RunId r1 -Name approval @common -SigningKey $secret).Query | Should -Match '\.ZGVmYXVsdA\.' # default
            (New-FlowEventLink -Flow $flow -RunId r1 -Name approval @common -SigningKey @{ a = $key; b = $key } -SigningKeyId b).Query | Should -Match '\.Yg\.' # b
        }

        It 'refuses <What>' -ForEach @(
            @{ What = 'a short key'; With = @{ SigningKey = [byte[]] (1..15) }; Id = 'FlowSigningKeyInvalid,*'; Says = '*16*' }
            @{ What = 'a key in clear'; With = @{ SigningKey = 'a key of 16 characters' }; Id = 'FlowSigningKeyInvalid,*'; Says = '*SecureString or bytes*' }
            @{ What = 'a name as address'; With = @{ BaseUri = 'flows.contoso.com' }; Id = 'FlowEventLinkInvalid,*'; Says = '*https://flows.contoso.com/*' }
            @{ What = 'another scheme'; With = @{ BaseUri = 'ftp://flows.contoso.com' }; Id = 'FlowEventLinkInvalid,*'; Says = '*https://flows.contoso.com/*' }
            @{ What = 'a query'; With = @{ BaseUri = 'https://flows.contoso.com/?a=1' }; Id = 'FlowEventLinkInvalid,*'; Says = '*more than host, port and path*' }
            @{ What = 'a number as time'; With = @{ ExpiresIn = 30 }; Id = 'ParameterArgumentTransformationError,*'; Says = '*30.00:00:00*' }
            @{ What = 'no time'; With = @{ ExpiresIn = [timespan]::Zero }; Id = 'ParameterArgumentValidationError,*'; Says = '*' }
            @{ What = 'an event that nobody waits for'; With = @{ Name = 'aproval' }; Id = 'FlowEventInvalid,*'; Says = "*Its tasks wait for 'approval', 'go-{map_index}'.*" }
            @{ What = 'variables outside a task'; With = @{ Name = 'go-{map_index}' }; Id = 'FlowEventLinkInvalid,*'; Says = '*has variables*' }
            @{ What = 'a run that is not there'; With = @{ RunId = 'r2' }; Id = 'FlowRunNotFound,*'; Says = "*'r2'*" }
            @{ What = 'a name of several lines'; With = @{ RequestedBy = "a`nb" }; Id = 'FlowEventLinkInvalid,*'; Says = '*-RequestedBy*' }
        ) {
            $given = @{ Flow = $flow; RunId = 'r1'; Name = 'approval' } + $common
            foreach ($entry in $With.GetEnumerator()) { $given[$entry.Key] = $entry.Value }
            { New-FlowEventLink @given } | Should -Throw $Says -ErrorId $Id
            "$($Error[0])" | Should -Not -Match 'a key of 16 characters'
        }

        It 'refuses one that programs would cut off, and a flow that keeps no record' {
            $name = (, ('本' * 80) * 4) -join '/'
            $long = New-Flow ('日' * 512) -Store $folder { task ask { param($x) $x } -WaitForEvent $name }
            $null = Invoke-FlowStep $long -RunId ('月' * 128)
            { New-FlowEventLink -Flow $long -RunId ('月' * 128) -Name $name @common } | Should -Throw '*shorter names*' -ErrorId 'FlowEventLinkInvalid,*'
            { Invoke-FlowStep (New-Flow f { task ask { param($x) $x } -WaitForEvent go }) | New-FlowEventLink -Name go @common } | Should -Throw -ErrorId 'FlowRunNotOnRecord,*'
        }

        It 'warns where the link would travel in clear, but for this machine' {
            $common.BaseUri = 'http://flows.contoso.com/'
            $null = New-FlowEventLink -Flow $flow -RunId r1 -Name approval @common -WarningVariable warned -WarningAction SilentlyContinue
            "$warned" | Should -BeLike '*unencrypted http*'
            $common.BaseUri = 'http://127.0.0.1:8080/'
            $null = New-FlowEventLink -Flow $flow -RunId r1 -Name approval @common -WarningVariable warned
            $warned | Should -BeNullOrEmpty
        }

        It 'outside a task or handler it is to be said of which run' {
            { New-FlowEventLink -Name approval @common } | Should -Throw '*give -Run, or make it in a task or handler*' -ErrorId 'FlowEventLinkInvalid,*'
        }
    }

    Context 'of its own run' {
        It 'in a task, in the session or beside it, also of a mapped one and with variables: -ThrottleLimit <Throttle>' -ForEach @{ Throttle = 1 }, @{ Throttle = 2 } {
            $flow = New-Flow release -Store $folder {
                task one { "$(New-FlowEventLink -Name approval @using:common)" }
                task each { param($x) "$(New-FlowEventLink -Name 'go-{map_index}' @using:common)" } -MapArgument @{ x = 7, 8 }
                task wait { param($Answer) $Answer } -WaitForEvent approval
                task go { param($x, $Answer) $Answer } -MapArgument @{ x = 7, 8 } -WaitForEvent 'go-{map_index}'
            }
            $run = Invoke-FlowStep $flow -RunId r1 -ThrottleLimit $Throttle
            $said = ConvertFrom-Link (Get-FlowResult $run one)
            $said.flow, $said.run, $said.event | Should -BeStrictly 'release', 'r1', 'approval'
            (Get-FlowResult $run each).ForEach({ (ConvertFrom-Link $_).event }) | Should -BeStrictly 'go-0', 'go-1'
        }

        It 'in a subflow it is that of the run that events are sent to' {
            $inner = New-Flow inner {
                task ask { "$(New-FlowEventLink -Name approval @using:common)" }
                task deep -Subflow (New-Flow deepest { task ask { "$(New-FlowEventLink -Name approval @using:common)" } })
                task wait { param($Answer) $Answer } -WaitForEvent approval
            }
            $flow = New-Flow outer -Store $folder { task whole -Subflow $inner }
            $run = Invoke-FlowStep $flow -RunId r1
            foreach ($link in (Get-FlowResult $run whole/ask), (Get-FlowResult $run whole/deep/ask)) {
                $said = ConvertFrom-Link $link
                $said.flow, $said.run, $said.incarnation | Should -BeStrictly 'outer', 'r1', (ConvertFrom-Link ($run | New-FlowEventLink -Name approval @common)).incarnation
            }
        }

        It 'in handlers of tasks and of the run' {
            $links = [Collections.Generic.List[uri]]::new()
            $flow = New-Flow release -Store $folder -StateHandler { if ("$($args[2].State)" -eq 'Failed') { $links.Add((New-FlowEventLink -Name approval @common)) } } -OnFailure {
                $links.Add((New-FlowEventLink -Name approval @common))
            } {
                task fails { throw 'no' } -OnFailure { $links.Add((New-FlowEventLink -Name approval @common)) }
                task wait { param($Answer) $Answer } -WaitForEvent approval -WaitTimeout 0.05 -WaitTimeoutAction Skip
            }
            $run = Invoke-Flow $flow
            $run.State | Should -Be Failed
            $links.Count | Should -Be 3
            foreach ($link in $links) { (ConvertFrom-Link $link).run | Should -BeExactly $run.RunId }
            { New-FlowEventLink -Name approval @common } | Should -Throw -ErrorId 'FlowEventLinkInvalid,*'
        }
    }

    Context 'with Start-FlowListener' {
        It 'asks for each kind of parameter as its type and attributes say' {
            $port = Get-FreePort
            $common.BaseUri = "http://127.0.0.1:$port/"
            $client = [Net.Http.HttpClient]::new()
            $definition = {
                task fetch { 'given' }
                task approve {
                    param(
                        [DayOfWeek] $Day = 'Friday', [Nullable[int]] $Maybe, [byte] $Byte, [decimal] $Price = -1.5, [ValidateRange('Positive')] [long] $Count,
                        [ValidateLength(1, 20)] [string] $Short, [DateTimeOffset] $At, [pscredential] $Login, [ValidateSet('a', 'b')] [string[]] $Several,
                        [bool] $Loud = $true, [Parameter(Mandatory)] [ValidateSet('x', 'y')] [string] $One, [ValidateSet(1, 2)] [int] $Number, $fetch, $Region)
                    $Day
                } -WaitForEvent approval -InputFrom @{ fetch = 'fetch' }
            }
            $parameters = @{ Region = 'eu' }
            $flow = New-Flow fields -Store $folder -Parameter $parameters $definition
            $null = Invoke-FlowStep $flow -RunId r1
            $link = New-FlowEventLink -Flow $flow -RunId r1 -Name approval @common
            $session = [powershell]::Create().AddScript({
                param($Testing, $Prefix, $Folder, $Key, $Definition, $Parameters)
                Import-Module $Testing
                Start-FlowListener (New-Flow fields -Store $Folder -Parameter $Parameters ([scriptblock]::Create($Definition))) $Prefix -LinkSigningKey $Key
            }).AddArgument("$PSScriptRoot/PrefectPS.Testing.psm1").AddArgument($common.BaseUri).AddArgument($folder).AddArgument($key).AddArgument("$definition").AddArgument($parameters)
            $listening = $session.BeginInvoke()
            try {
                do {
                    Start-Sleep -Milliseconds 50
                    $alive = try { (Send-Http Get "$($common.BaseUri)healthz").Status } catch { 0 }
                } until ($alive -eq 200 -or $listening.IsCompleted)
                $page = (Send-Http Get $link).Text
                foreach ($part in @(
                        '<select id="f0" name="p.Day">*<option value="Friday" selected>Friday</option>*</select>'
                        '<input type="number" id="f1" value="" name="p.Maybe" min="-2147483648" max="2147483647" step="1">'
                        '<input type="number" id="f2" value="" name="p.Byte" min="0" max="255" step="1">'
                        '<input type="number" id="f3" value="-1.5" name="p.Price" step="any">'
                        '<input type="number" id="f4" value="" name="p.Count" min="1" step="1">'
                        '<input type="text" id="f5" value="" name="p.Short" maxlength="20">'
                        '<input type="datetime-local" id="f6" value="" name="p.At">'
                        '&#39;Login&#39; is a secret, and cannot be entered here.'
                        '<fieldset><legend>Several</legend>*<input type="checkbox" id="f8-0" value="a" name="p.Several">a*<input type="checkbox" id="f8-1" value="b"'
                        '<input type="checkbox" id="f9" value="true" name="p.Loud" checked>Loud'
                        '<fieldset><legend>One <span class="hint">(required)</span></legend>*<input type="radio" id="f10-0" value="x" name="p.One" required>'
                        '<select id="f11" name="p.Number">*<option value="1">1</option>'
                    )) {
                    $page.Replace("`n", '') | Should -BeLike "*$part*"
                }
                $page | Should -Not -Match 'p\.(Login|fetch|Region)'
                (Send-Http Post $link @{ send = 1; 'p.Day' = 'Sunday'; 'p.Byte' = '7'; 'p.One' = 'y'; 'p.At' = '2026-12-24T18:00'; 'p.Several' = 'b'; 'p.Number' = '2' }).Status | Should -Be 200
            }
            finally {
                $session.Stop()
                $session.Dispose()
                $client.Dispose()
            }
            Get-FlowResult (Invoke-FlowStep $flow -Resume) approve | Should -Be Sunday
        }

        It 'a person answers on its page, once, and the next step continues' {
            $port = Get-FreePort
            $common.BaseUri = "http://127.0.0.1:$port/"
            $client = [Net.Http.HttpClient]::new()
            $definition = {
                task approve {
                    param([Parameter(Mandatory)][ValidateSet('yes', 'no')] $Answer, [int] $Count = 1, [bool] $Loud = $true, [datetime] $Until, [string[]] $Tag)
                    "$Answer $($Count.GetType().Name) $Count $Loud $($Until.ToString('yyyy-MM-dd HH:mm')) $($Tag -join '+') by $($FlowContext.EventSender)"
                } -WaitForEvent approval
            }
            $flow = New-Flow release -Store $folder $definition
            $null = Invoke-FlowStep $flow -RunId r1
            $link = New-FlowEventLink -Flow $flow -RunId r1 -Name approval @common
            $session = [powershell]::Create().AddScript({
                param($Testing, $Prefix, $Folder, $Key, $Definition)
                Import-Module $Testing
                Start-FlowListener (New-Flow release -Store $Folder ([scriptblock]::Create($Definition))) $Prefix -LinkSigningKey $Key -Verbose
            }).AddArgument("$PSScriptRoot/PrefectPS.Testing.psm1").AddArgument($common.BaseUri).AddArgument($folder).AddArgument($key).AddArgument("$definition")
            $listening = $session.BeginInvoke()
            try {
                do {
                    Start-Sleep -Milliseconds 50
                    $alive = try { (Send-Http Get "$($common.BaseUri)healthz").Status } catch { 0 }
                } until ($alive -eq 200 -or $listening.IsCompleted)
                $page = Send-Http Get $link
                $page.Status | Should -Be 200
                $page.Text | Should -BeLike '*value="yes"*type="number"*type="checkbox"*checked*type="datetime-local"*<textarea*'
                $refused = Send-Http Post $link @{ send = 1; 'p.Answer' = 'yes'; 'p.Count' = 'x' }
                $refused.Status | Should -Be 422
                $refused.Text | Should -Match 'id="f1-error">[^<]*x'
                (Send-Http Post $link @{ send = 1; 'p.Answer' = 'yes'; 'p.Count' = '4'; 'p.Until' = '2026-12-24T18:00'; 'p.Tag' = "a`r`nb"; sender = 'Ada' }).Status | Should -Be 200
                (Send-Http Post $link @{ send = 1; 'p.Answer' = 'no' }).Status | Should -Be 410
                (Send-Http Post $common.BaseUri @{ a = 1 }).Status | Should -Be 401
            }
            finally {
                $session.Stop()
                "$($session.Streams.Verbose)" | Should -BeLike "*Event 'approval' for run 'r1' from Ada (unverified, link approval): Applied.*"
                $session.Dispose()
                $client.Dispose()
            }
            $history = Get-FlowHistory $flow -RunId r1 | Where-Object RequestedBy
            $history.RequestedBy | Should -BeExactly 'Ada (unverified, link approval)'
            $run = Invoke-FlowStep $flow -Resume
            Get-FlowResult $run approve | Should -BeExactly 'yes Int32 4 False 2026-12-24 18:00 a+b by Ada (unverified, link approval)'
        }
    }
}
