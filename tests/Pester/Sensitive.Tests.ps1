BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Sensitive' {
    BeforeEach {
        $folder = New-TestFolder
    }

    It 'a sensitive result is handed on, and never written' {
        $flow = New-Flow upload -Store $folder {
            task token { 'hunter2' } -Sensitive
            task use { param($token) $token.Length } -InputFrom @{ token = 'token' }
        }
        $run = Invoke-Flow $flow
        $run.Tasks[1].Result | Should -BeStrictly 7
        "$($run | ConvertFrom-FlowState)" | Should -Not -Match 'hunter2"'
        $written = @(Get-ChildItem $folder -Filter *.json -File -Recurse -Force).FullName
        @($written -like '*results*use.1-1.json').Count | Should -Be 1
        @($written -like '*results*token.*json').Count | Should -Be 0
        foreach ($file in $written) {
            (Get-Content -LiteralPath $file -Raw) |
                Should -Not -BeLikeExactly '*"hunter2"*' -Because "$file has the secret"
        }
    }

    It 'who needs it in a later step makes its producer run again there, outside the budget' {
        $log = [Collections.Generic.List[string]]::new()
        $flow = New-Flow upload {
            task token { $log.Add('token'); 'hunter2' } -Sensitive
            task first { param($token) $log.Add('first'); $token.Length } -InputFrom @{ token = 'token' }
            task second { param($token) $log.Add('second'); $token.Length } -InputFrom @{ token = 'token' } -After first
        }
        $run = $null | ConvertTo-FlowState -Flow $flow
        while ($run.HasPending) {
            $run = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        }
        $run.Tasks[2].Result | Should -BeStrictly 7
        $log | Should -BeExactly 'token', 'token', 'first', 'token', 'second'
    }

    It 'a SecureString and a credential are secrets wherever they are' {
        $secure = ConvertTo-SecureString 'hunter2' -AsPlainText -Force
        $flow = New-Flow login -Store $folder {
            task secure { $secure }
            task credential { [pscredential]::new('ann', $secure) }
            task inside { @{ user = 'ann'; login = [pscredential]::new('ann', $secure) } }
            task listed { [pscustomobject]@{ all = @(1, $secure) } }
            task use {
                param($a, $b, $c, $d)
                "$($a.Length) $($b.GetNetworkCredential().Password) $($c.login.UserName) $($d.all[1].Length)".Replace('hunter2', 'right')
            } -InputFrom @{ a = 'secure'; b = 'credential'; c = 'inside'; d = 'listed' }
        }
        $run = Invoke-FlowStep $flow -MaxTasks 4 -ResetCancelled
        $written = @(Get-ChildItem $folder -Filter *.json -File -Recurse -Force).FullName
        @($written -like '*results*').Count | Should -Be 0
        foreach ($file in $written) {
            (Get-Content -LiteralPath $file -Raw) |
                Should -Not -Match 'hunter2|ann"' -Because "$file has the secret"
        }
        $document = $run | ConvertFrom-FlowState
        $document | Should -Not -Match 'ann'
        $run = $document | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
        $run.Tasks[4].Result | Should -BeExactly '7 right ann 7'
    }

    It 'a sensitive task in runspaces of their own' {
        $flow = New-Flow upload {
            task token { 'hunter2' } -Sensitive
            task one { param($token) $token.Length } -InputFrom @{ token = 'token' }
            task two { param($token) $token.Length } -InputFrom @{ token = 'token' } -Timeout 60
        }
        $run = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
        $run = $run | Invoke-FlowStep -ThrottleLimit 3
        @($run.Tasks[1].Result, $run.Tasks[2].Result) | Should -BeStrictly 7, 7
    }

    It 'what is set by hand for a sensitive task is a secret, too' {
        $flow = New-Flow upload { task token { 'hunter2' } -Sensitive; task end { } -After token }
        $run = $null | ConvertTo-FlowState -Flow $flow | Set-FlowTaskState -Task token -To Success -Result 'hunter3'
        "$($run | ConvertFrom-FlowState)" | Should -Not -Match 'hunter'
    }

    It 'a sensitive task with a target is an error' {
        { New-Flow upload -Store $folder { task token { 1 } -Sensitive -Target 'token.json' } } | Should -Throw -ErrorId 'FlowTaskInvalid,*'
    }

    It 'a subflow is given a secret, which is not written and is there again in each step' {
        $inner = New-Flow send -Parameter { param([string]$Token, [int]$Count = 2) } {
            task first { param($Token) $Token.Length }
            task second { param($Token, $Count) $Token.Length * $Count } -After first
        }
        $flow = New-Flow upload -Store $folder {
            task token { 'hunter2' } -Sensitive
            task send -Subflow $inner -InputFrom @{ Token = 'token' }
        }
        $run = $null | ConvertTo-FlowState -Flow $flow
        while ($run.HasPending) {
            $document = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
            $document | Should -Not -Match 'hunter2'
            $run = $document | ConvertTo-FlowState -Flow $flow
        }
        $run.Tasks[1].Result | Should -BeStrictly 14
        foreach ($file in (Get-ChildItem $folder -File -Recurse -Force).FullName) {
            (Get-Content -LiteralPath $file -Raw) | Should -Not -BeLikeExactly '*hunter2*' -Because "$file has the secret"
        }
    }

    It 'a secret of the wrong type is in no error, nor a default that is made of it in a document' {
        $typed = New-Flow typed -Parameter { param([int]$Pin) } { task a { param($Pin) $Pin } }
        $default = New-Flow default -Parameter { param($Token, $Header = "Basic $Token") } { task a { param($Header) $Header.Length } }
        $flow = New-Flow upload {
            task pin { 'hunter2' } -Sensitive
            task block { param([int]$Pin) $Pin } -InputFrom @{ Pin = 'pin' }
            task inside { param($Pin) [int]$Pin } -InputFrom @{ Pin = 'pin' }
            task typed -Subflow $typed -InputFrom @{ Pin = 'pin' }
            task default -Subflow $default -InputFrom @{ Token = 'pin' }
        }
        $run = Invoke-Flow $flow
        @($run.Tasks[1..4].State) | Should -BeExactly 'Failed', 'Failed', 'Failed', 'Failed'
        $run.Tasks[1].Message | Should -BeLikeExactly '*(secret)*Int32*'
        $run.Tasks[2].Message | Should -BeLikeExactly '*(secret)*Int32*'
        $run.Tasks[3].Message | Should -BeLikeExactly '*Pin: *(secret)*Int32*'
        $run.Tasks[4].Message | Should -BeLikeExactly "*Header: Its default depends on 'Token'*"
        "$($run | ConvertFrom-FlowState)" | Should -Not -Match 'hunter2'
    }

    It 'a sensitive subflow writes nothing of what is inside, and what is set there by hand is a secret, too' {
        $inner = New-Flow login { task fetch { 'hunter2' }; task length { param($t) $t.Length } -InputFrom @{ t = 'fetch' } }
        $flow = New-Flow upload -Store $folder { task login -Subflow $inner -Sensitive }
        $document = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
        $document | Should -Not -Match 'hunter2'
        $run = $document | ConvertTo-FlowState -Flow $flow
        $set = $run | Set-FlowTaskState -Task login/fetch -To Success -Result 'hunter3'
        "$($set | ConvertFrom-FlowState)" | Should -Not -Match 'hunter'
        (Get-FlowResult ($run | Invoke-FlowStep -WarningAction SilentlyContinue) login) | Should -BeStrictly 7
        foreach ($file in (Get-ChildItem $folder -File -Recurse -Force).FullName) {
            (Get-Content -LiteralPath $file -Raw) | Should -Not -BeLikeExactly '*hunter2*' -Because "$file has the secret"
        }
    }

    It 'a run does not show it: <Name>' -ForEach @(
        @{ Name = 'Format-List'; Show = { param($run) $run, $run.Tasks, $run.Tasks[1].Subflow | Format-List * -Force | Out-String } }
        @{ Name = 'ConvertTo-Json'; Show = { param($run) $run.Tasks | ConvertTo-Json -Depth 5 -WarningAction SilentlyContinue } }
        @{ Name = 'ConvertTo-Json of the run'; Show = { param($run) $run | ConvertTo-Json -Depth 4 -WarningAction SilentlyContinue } }
        @{ Name = 'Export-Clixml'; Show = { param($run) $run | Export-Clixml "$folder/run.clixml" -Depth 5; Get-Content "$folder/run.clixml" -Raw } }
        @{ Name = 'Export-Csv'; Show = { param($run) $run.Tasks | ConvertTo-Csv | Out-String } }
        @{ Name = 'text'; Show = { param($run) "$($run.Tasks.Result)" } }
    ) {
        $inner = New-Flow send -Parameter { param($Token) } { task length { param($Token) $Token.Length } }
        $run = New-Flow upload {
            task token { 'hunter2' + 'x' } -Sensitive
            task send -Subflow $inner -InputFrom @{ Token = 'token' }
        } | Invoke-Flow
        & $Show $run | Should -Not -BeLikeExactly '*hunter2x*'
        $run.Tasks[0].Result.Reveal() | Should -BeExactly 'hunter2x'
        Get-FlowResult $run token | Should -BeExactly 'hunter2x'
        $run.Tasks[1].Subflow.Parameters.Token.Reveal() | Should -BeExactly 'hunter2x'
    }

    It 'a run that a task returns is not written with it' {
        $inner = New-Flow login { task token { 'hunter2' + 'x' } -Sensitive; task open { 'open' } }
        $flow = New-Flow upload -Store $folder { task run { Invoke-Flow $inner }; task state { param($run) $run.State } -InputFrom @{ run = 'run' } }
        $run = Invoke-FlowStep $flow -RunId r
        $run.Tasks[1].Result | Should -BeExactly 'Success'
        "$($run | ConvertFrom-FlowState)" | Should -Not -BeLikeExactly '*hunter2x*'
        $run | Export-FlowReport -Path "$folder/report.html" -IncludeResult
        foreach ($file in (Get-ChildItem $folder -File -Recurse -Force).FullName) {
            (Get-Content -LiteralPath $file -Raw) | Should -Not -BeLikeExactly '*hunter2x*' -Because "$file has the secret"
        }
    }

    It 'it is in no field of an error that is written, nor encoded there: <Name>' -ForEach @(
        @{ Name = 'as it is'; Encode = { param($s) $s } }
        @{ Name = 'JSON'; Encode = { param($s) $s | ConvertTo-Json } }
        @{ Name = 'URL'; Encode = { param($s) [uri]::EscapeDataString($s) } }
        @{ Name = 'Base64'; Encode = { param($s) [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($s)) } }
        @{ Name = 'Base64 of user:secret'; Encode = { param($s) [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes("user:$s")) } }
    ) {
        $secret = 'hun"ter' + ' 2/ü'
        $flow = New-Flow upload -Store $folder {
            task token { $secret } -Sensitive
            task throws { param($token) throw (& $Encode $token) } -InputFrom @{ token = 'token' }
            task writes { param($token) Write-Error (& $Encode $token) -ErrorId (& $Encode $token) -TargetObject $token } -InputFrom @{ token = 'token' }
            task stack { param($token) function Test-It { throw (& $Encode $token) } & { Test-It } } -InputFrom @{ token = 'token' }
            task signals { param($token) Send-FlowSignal -Fail (& $Encode $token) } -InputFrom @{ token = 'token' }
            task many { 1, 2 }
            task mapped { param($n, $token) throw (& $Encode $token) } -Map @{ n = 'many' } -InputFrom @{ token = 'token' }
        }
        $run = Invoke-FlowStep $flow -RunId r
        $run.Tasks[1].Error.Id | Should -BeLikeExactly '*(secret)*'
        $run.Tasks[1].Message | Should -BeLikeExactly '*(secret)*'
        $run | Export-FlowReport -Path "$folder/report.html"
        $shown = $run.Tasks | ForEach-Object { $_; $_.Children } | ForEach-Object { $_.Error | Format-List * | Out-String -Width 4096 }
        $written = @(Get-ChildItem $folder -File -Recurse -Force | ForEach-Object { Get-Content -LiteralPath $_.FullName -Raw }) + $shown
        foreach ($text in $written) {
            foreach ($form in $secret, ($secret | ConvertTo-Json).Trim('"'), [uri]::EscapeDataString($secret), (& $Encode $secret).Trim('"')) {
                $text.Contains($form) | Should -BeFalse -Because "$form is in $($text.Substring(0, [Math]::Min(200, $text.Length)))"
            }
        }
    }

    It 'it is found wherever a value holds it: <Name>' -ForEach @(
        @{ Name = 'a note on a text'; Hold = { param($s) 'some text' | Add-Member Token $s -PassThru } }
        @{ Name = 'a note on a table'; Hold = { param($s) $table = @{ a = 'some text' }; $table | Add-Member Token $s; , $table } }
        @{ Name = 'a note beside code'; Hold = { param($s) 'some text' | Add-Member Token $s -PassThru | Add-Member ScriptMethod Read { 1 } -PassThru } }
        @{ Name = 'a note of a note'; Hold = { param($s) 12345678 | Add-Member Inner ('some text' | Add-Member Token @{ x = $s } -PassThru) -PassThru } }
        @{ Name = 'a key'; Hold = { param($s) [ordered] @{ $s = 'some text' } } }
        @{ Name = 'a property of a type of its own'; Hold = { param($s) [pscustomobject] @{ PSTypeName = 'Team.Login'; Token = $s } } }
        @{ Name = 'a typed dictionary'; Hold = { param($s) $table = [Collections.Generic.Dictionary[string, string]]::new(); $table['Token'] = $s; , $table } }
        @{ Name = 'a text that is built'; Hold = { param($s) [Text.StringBuilder]::new("first line`n$s") } }
        @{ Name = 'shared parts'; Hold = { param($s) $part = , $s; foreach ($i in 1..50) { $part = , $part + , $part }; , $part } }
    ) {
        $secret = 'hun"ter' + ' 2/ü'
        $flow = New-Flow holders -Store $folder {
            task token { & $Hold $secret } -Sensitive
            task told { param($token) throw "'$secret' is wrong" } -InputFrom @{ token = 'token' }
        }
        $run = Invoke-FlowStep $flow -RunId r
        $run.Tasks.State | Should -BeExactly 'Success', 'Failed'
        $run.Tasks[1].Message | Should -BeLikeExactly "*'(secret)' is wrong"
        foreach ($file in Get-ChildItem $folder -File -Recurse -Force) {
            (Get-Content -LiteralPath $file.FullName -Raw).Contains('ter 2') | Should -BeFalse -Because "$file has the secret"
        }
    }

    It 'an object that keeps one makes a secret of what holds it: <Name>' -ForEach @(
        @{ Name = 'a note on a text'; Hold = { param($s) 'some text' | Add-Member Login $s -PassThru } }
        @{ Name = 'a note on a table'; Hold = { param($s) $table = @{ a = 1 }; $table | Add-Member Login $s; , $table } }
        @{ Name = 'a table in a list with a note'; Hold = { param($s) $table = @{ a = 1 }; $table | Add-Member Login $s; , @(1, $table) } }
        @{ Name = 'a key'; Hold = { param($s) @{ $s = 1 } } }
        @{ Name = 'a typed list'; Hold = { param($s) $list = [Collections.Generic.List[object]]::new(); $list.Add($s); , $list } }
        @{ Name = 'shared parts'; Hold = { param($s) $part = , $s; foreach ($i in 1..50) { $part = , $part + , $part }; , $part } }
    ) {
        $login = [pscredential]::new('user', (ConvertTo-SecureString 'hunter2x' -AsPlainText -Force))
        $define = {
            New-Flow holders -Store $folder {
                task token { & $Hold $login }
                task told { param($token) throw "'hunter2x' is wrong" } -InputFrom @{ token = 'token' }
            }
        }
        $run = Invoke-FlowStep (& $define) -RunId r -MaxTasks 1
        $run.Tasks[0].State | Should -BeExactly 'Success' -Because $run.Tasks[0].Message
        $run = Invoke-FlowStep (& $define) -RunId r
        $run.Tasks[1].Message | Should -BeLikeExactly "*'(secret)' is wrong"
        foreach ($file in Get-ChildItem $folder -File -Recurse -Force) {
            (Get-Content -LiteralPath $file.FullName -Raw).Contains('hunter2x') | Should -BeFalse -Because "$file has the secret"
        }
    }

    It 'a short secret is warned of' {
        $run = New-Flow short { task pin { '12345' } -Sensitive; task long { '123456' } -Sensitive } | Invoke-Flow -WarningVariable warnings -WarningAction SilentlyContinue
        $run.State | Should -BeExactly 'Success'
        @($warnings).Count | Should -Be 1
        "$warnings" | Should -BeLikeExactly "*task 'pin'*fewer than 6 characters*"
    }
}
