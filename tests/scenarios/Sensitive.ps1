Scenario 'a sensitive result is handed on, and never written' {
    $flow = New-Flow upload -Store (Get-ScenarioFolder) {
        task token { 'hunter2' } -Sensitive
        task use { param($token) $token.Length } -InputFrom @{ token = 'token' }
    }
    $run = Invoke-Flow $flow
    Assert-Equal 7 $run.Tasks[1].Result
    Assert-True (-not ("$($run | ConvertFrom-FlowState)" -match 'hunter2"'))
    $written = @([IO.Directory]::GetFiles((Get-ScenarioFolder), '*.json', 'AllDirectories'))
    Assert-Equal 1 @($written -like '*results*use.json').Count
    Assert-Equal 0 @($written -like '*results*token.json').Count
    foreach ($file in $written) { Assert-True (-not [IO.File]::ReadAllText($file).Contains('"hunter2"')) "$file has the secret" }
}

Scenario 'who needs it in a later step makes its producer run again there, outside the budget' {
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
    Assert-Equal 7 $run.Tasks[2].Result
    Assert-Equal @('token', 'token', 'first', 'token', 'second') $log
}

Scenario 'a SecureString and a credential are secrets wherever they are' {
    $secure = [Security.SecureString]::new()
    foreach ($c in [char[]]'hunter2') { $secure.AppendChar($c) }
    $flow = New-Flow login -Store (Get-ScenarioFolder) {
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
    $written = @([IO.Directory]::GetFiles((Get-ScenarioFolder), '*.json', 'AllDirectories'))
    Assert-Equal 0 @($written -like '*results*').Count
    foreach ($file in $written) { Assert-True ([IO.File]::ReadAllText($file) -notmatch 'hunter2|ann"') "$file has the secret" }
    $document = $run | ConvertFrom-FlowState
    Assert-True (-not ($document -match 'ann'))
    $run = $document | ConvertTo-FlowState -Flow $flow | Invoke-FlowStep
    Assert-Equal '7 right ann 7' $run.Tasks[4].Result
}

Scenario 'a sensitive task in runspaces of their own' {
    $flow = New-Flow upload {
        task token { 'hunter2' } -Sensitive
        task one { param($token) $token.Length } -InputFrom @{ token = 'token' }
        task two { param($token) $token.Length } -InputFrom @{ token = 'token' } -Timeout 60
    }
    $run = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState | ConvertTo-FlowState -Flow $flow
    $run = $run | Invoke-FlowStep -ThrottleLimit 3
    Assert-Equal @(7, 7) @($run.Tasks[1].Result, $run.Tasks[2].Result)
}

Scenario 'what is set by hand for a sensitive task is a secret, too' {
    $flow = New-Flow upload { task token { 'hunter2' } -Sensitive; task end { } -After token }
    $run = $null | ConvertTo-FlowState -Flow $flow | Set-FlowTaskState -Task token -To Success -Result 'hunter3'
    Assert-True (-not ("$($run | ConvertFrom-FlowState)" -match 'hunter'))
}

Scenario 'a sensitive task with a target is an error' {
    Assert-Error { New-Flow upload -Store (Get-ScenarioFolder) { task token { 1 } -Sensitive -Target 'token.json' } } -Id FlowTaskInvalid
}

Scenario 'a subflow is given a secret, which is not written and is there again in each step' {
    $inner = New-Flow send -Parameter { param([string]$Token, [int]$Count = 2) } {
        task first { param($Token) $Token.Length }
        task second { param($Token, $Count) $Token.Length * $Count } -After first
    }
    $flow = New-Flow upload -Store (Get-ScenarioFolder) {
        task token { 'hunter2' } -Sensitive
        task send -Subflow $inner -InputFrom @{ Token = 'token' }
    }
    $run = $null | ConvertTo-FlowState -Flow $flow
    while ($run.HasPending) {
        $document = $run | Invoke-FlowStep -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
        Assert-True (-not ($document -match 'hunter2'))
        $run = $document | ConvertTo-FlowState -Flow $flow
    }
    Assert-Equal 14 $run.Tasks[1].Result
    foreach ($file in [IO.Directory]::GetFiles((Get-ScenarioFolder), '*', 'AllDirectories')) {
        Assert-True (-not [IO.File]::ReadAllText($file).Contains('hunter2')) "$file has the secret"
    }
}

Scenario 'a secret of the wrong type is in no error, nor a default that is made of it in a document' {
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
    Assert-Equal @('Failed', 'Failed', 'Failed', 'Failed') @($run.Tasks[1..4].State)
    Assert-Like '*(secret)*Int32*' $run.Tasks[1].Message
    Assert-Like '*(secret)*Int32*' $run.Tasks[2].Message
    Assert-Like '*Pin: *(secret)*Int32*' $run.Tasks[3].Message
    Assert-Like "*Header: Its default is made of 'Token'*" $run.Tasks[4].Message
    Assert-True (-not ("$($run | ConvertFrom-FlowState)" -match 'hunter2'))
}

Scenario 'a sensitive subflow writes nothing of what is inside, and what is set there by hand is a secret, too' {
    $inner = New-Flow login { task fetch { 'hunter2' }; task length { param($t) $t.Length } -InputFrom @{ t = 'fetch' } }
    $flow = New-Flow upload -Store (Get-ScenarioFolder) { task login -Subflow $inner -Sensitive }
    $document = Invoke-FlowStep $flow -MaxTasks 1 -ResetCancelled | ConvertFrom-FlowState
    Assert-True (-not ($document -match 'hunter2'))
    $run = $document | ConvertTo-FlowState -Flow $flow
    $set = $run | Set-FlowTaskState -Task login/fetch -To Success -Result 'hunter3'
    Assert-True (-not ("$($set | ConvertFrom-FlowState)" -match 'hunter'))
    Assert-Equal 7 ($run | Invoke-FlowStep).Tasks[0].Result
    foreach ($file in [IO.Directory]::GetFiles((Get-ScenarioFolder), '*', 'AllDirectories')) {
        Assert-True (-not [IO.File]::ReadAllText($file).Contains('hunter2')) "$file has the secret"
    }
}
