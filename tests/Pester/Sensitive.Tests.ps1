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
        @($written -like '*results*use.json').Count | Should -Be 1
        @($written -like '*results*token.json').Count | Should -Be 0
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
        $run.Tasks[4].Message | Should -BeLikeExactly "*Header: Its default is made of 'Token'*"
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
        ($run | Invoke-FlowStep).Tasks[0].Result | Should -BeStrictly 7
        foreach ($file in (Get-ChildItem $folder -File -Recurse -Force).FullName) {
            (Get-Content -LiteralPath $file -Raw) | Should -Not -BeLikeExactly '*hunter2*' -Because "$file has the secret"
        }
    }
}
