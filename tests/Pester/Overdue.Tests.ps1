BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'

    function Get-Overdue([timespan] $IdleFor = '00:00:01.5') { @(Get-FlowRun -Store $folder -Overdue -IdleFor $IdleFor | ForEach-Object Flow | Sort-Object) }
}

Describe 'Get-FlowRun -Overdue' {
    It 'finds runs that could continue, and those that were due, and no others' {
        $folder = New-TestFolder
        $null = Invoke-FlowStep (New-Flow idle -Store $folder { task a { }; task b { } -After a }) -RunId r -MaxTasks 1
        $null = Invoke-FlowStep (New-Flow cut -Store $folder { task a { }; task b { } -After a }) -MaxTasks 1
        $null = Invoke-FlowStep (New-Flow late -Store $folder { task a { throw 'bad' } -MaxRetries 1 -RetryDelay 1 }) -RunId r
        $null = Invoke-FlowStep (New-Flow later -Store $folder { task a { throw 'bad' } -MaxRetries 1 -RetryDelay 3600 }) -RunId r
        $null = Invoke-FlowStep (New-Flow done -Store $folder { task a { } }) -RunId r
        $null = Invoke-FlowStep (New-Flow failed -Store $folder { task a { throw 'bad' } }) -RunId r
        $null = Invoke-FlowStep (New-Flow waits -Store $folder { task a { Send-FlowSignal -Pause } }) -RunId r
        $held = New-Flow held -Store $folder { task a { }; task b { } -After a }
        $null = Invoke-FlowStep $held -RunId r -MaxTasks 1
        $null = Get-FlowRun $held | Suspend-FlowRun
        Get-Overdue 01:00:00 | Should -BeStrictly @()
        Start-Sleep 3
        Get-Overdue | Should -BeStrictly 'cut', 'idle', 'late'
        $found = @(Get-FlowRun -Store $folder -FlowName late, idle -Overdue -IdleFor 00:00:01)
        ($found | Where-Object Flow -EQ idle).OverdueReason | Should -BeLike 'Nothing has happened since 20*Z: 1 of 2 tasks still to run.'
        ($found | Where-Object Flow -EQ late).OverdueReason | Should -BeLike 'It was due at 20*Z; the last step was at 20*Z.'
        ($found | Format-Table | Out-String -Width 300) | Should -BeLike '*Nothing has happened since*'
        @(Get-FlowRun -Store $folder | Where-Object OverdueReason) | Should -HaveCount 0
    }

    It 'finds a time of a schedule that nobody has started a run for' {
        $folder = New-TestFolder
        $flow = New-Flow nightly -Store $folder -Schedule '* * * * * *' { task a { } }
        $null = Invoke-FlowStep $flow -Resume
        Start-Sleep -Milliseconds 2300
        foreach ($found in (Get-FlowRun -Store $folder -Overdue -IdleFor 00:00:01), (Get-FlowRun $flow -Overdue -IdleFor 00:00:01)) {
            $found | Should -HaveCount 1
            $found.RunId | Should -MatchExactly '^20\d{6}T\d{6}Z$'
            $found.StartTime | Should -BeNullOrEmpty
            $found.OverdueReason | Should -BeLike 'It was due at 20*Z, and was not started.'
        }
        Get-FlowRun -Store $folder -Overdue -IdleFor 01:00:00 | Should -BeNullOrEmpty
        Get-FlowRun -Store $folder | Should -BeNullOrEmpty
    }

    It 'finds no run on which a step works, and one whose process has died' {
        $folder = New-TestFolder
        $line = "Import-Module '$PSScriptRoot/PrefectPS.Testing.psm1'; Invoke-FlowStep (New-Flow works -Store '$folder' { task a { Set-Content '$folder/begun.txt' x; Start-Sleep 60 } }) -RunId r"
        $encoded = [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($line))
        $program = (Get-Process -Id $PID).Path
        $arguments = @(if ((Split-Path $program -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' }) + @('-NoProfile', '-EncodedCommand', $encoded)
        $process = Start-Process $program -ArgumentList $arguments -PassThru
        try {
            for ($i = 0; $i -lt 600 -and -not (Test-Path "$folder/begun.txt"); $i++) { Start-Sleep -Milliseconds 50 }
            Start-Sleep 2
            Get-Overdue | Should -BeStrictly @()
        }
        finally { $process | Stop-Process -Force }
        $process.WaitForExit()
        Start-Sleep 2
        Get-Overdue | Should -BeStrictly 'works'
    }

    It 'takes -IdleFor as a time, with -Overdue' {
        $folder = New-TestFolder
        { Get-FlowRun -Store $folder -Overdue -IdleFor 30 } | Should -Throw '*30.00:00:00*'
        { Get-FlowRun -Store $folder -IdleFor 01:00:00 } | Should -Throw -ErrorId 'FlowInvalid*'
    }
}
