BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Add-FlowTask -RerunOn, -SourceFile' {
    BeforeEach {
        $folder = "$TestDrive/$(New-Guid)"
        function New-Report([scriptblock] $Report = { param($Month) "report of $Month" }, [hashtable] $Task = @{ RerunOn = @('Script', 'Input') }) {
            New-Flow reports -Store $folder -Parameter @{ Month = 11; Other = 1 } {
                task report $Report -Target 'report.json' @Task
            }
        }
        function Get-Change([scriptblock] $Report, [hashtable] $Parameter = @{}) {
            (Get-FlowPlan (New-Report $Report) -Parameter $Parameter).Reason
        }
    }

    It '<Change> is not a change' -ForEach @(
        @{ Change = 'the same'; Script = { param($Month) if ($Month -gt 1) { "a $Month"; 'b' } else { @{ c = 1; d = 2 } } } }
        @{ Change = 'a comment'; Script = { param($Month) <# for the month #> if ($Month -gt 1) { "a $Month"; 'b' } else { @{ c = 1; d = 2 } } } }
        @{ Change = 'white space'; Script = {
                param( $Month )

                # The report.
                if ( $Month `
                        -gt 1)
                {
                    "a $Month"
                    'b'
                }
                else
                {
                    @{
                        c = 1

                        d = 2
                    }
                }
            }
        }
    ) {
        $null = Invoke-Flow (New-Report { param($Month) if ($Month -gt 1) { "a $Month"; 'b' } else { @{ c = 1; d = 2 } } })
        Get-Change $Script | Should -BeExactly 'Result found at task target report.json'
        (Invoke-Flow (New-Report $Script)).Tasks.State | Should -Be Cached
    }

    It '<Script> is one' -ForEach @(
        @{ Script = { param($Month) Get-Variable -Name Month -ValueOnly } }
        @{ Script = { param($Month) Get-Variable -Name Month; -ValueOnly } }
        @{ Script = { param($Month) Get-Variable -Name Month -ValueOnly | Write-Output } }
        @{ Script = { param($Month) Write-Output $Month[0] } }
        @{ Script = { param($Month) Write-Output 'a  b' } }
    ) {
        $null = Invoke-Flow (New-Report { param($Month) Write-Output $Month [0] 'a b' })
        Get-Change $Script | Should -BeExactly 'its script has changed since its target report.json was made'
    }

    It 'a line break that ends a statement counts' {
        $null = Invoke-Flow (New-Report { param($Month) Write-Output a $Month })
        Get-Change ([scriptblock]::Create("param(`$Month) Write-Output a`n`$Month")) | Should -BeLike 'its script has changed*'
    }

    It 'an input is what the block takes: <Parameter> <Reason>' -ForEach @(
        @{ Parameter = @{ Month = 12 }; Reason = 'its inputs have changed since its target report.json was made' }
        @{ Parameter = @{ Month = 11 }; Reason = 'Result found at task target report.json' }
        @{ Parameter = @{ Other = 2 }; Reason = 'Result found at task target report.json' }
    ) {
        $report = { param($Month) "report of $Month" }
        $null = Invoke-Flow (New-Report $report)
        Get-Change $report $Parameter | Should -BeExactly $Reason
    }

    It 'the target is made again, and then it is Cached' {
        $null = Invoke-Flow (New-Report)
        $run = Invoke-Flow (New-Report { param($Month) "second of $Month" })
        $run.Tasks[0].State, $run.Tasks[0].Result | Should -BeStrictly 'Success', 'second of 11'
        Get-Content "$folder/report.json" | Should -BeExactly '"second of 11"'
        (Invoke-Flow (New-Report { param($Month) "second of $Month" })).Tasks.State | Should -Be Cached
    }

    It 'a target that was written by hand is Cached, and stays' {
        $null = Invoke-Flow (New-Report)
        '"by hand"' | Set-Content "$folder/report.json"
        $run = Invoke-Flow (New-Report { 'other' }) -Parameter @{ Month = 3 }
        $run.Tasks[0].State, $run.Tasks[0].Result | Should -BeStrictly 'Cached', 'by hand'
    }

    It 'without it nothing more is written' {
        $null = Invoke-Flow (New-Report -Task @{})
        Get-ChildItem $folder -Name | Sort-Object | Should -BeExactly 'report.json', 'run-index', 'runs'
    }

    It 'a value of any kind is an input: <Value>' -ForEach @(
        @{ Value = @{ b = 1; a = @(1, 2) }; Same = @{ a = @(1, 2); b = 1 }; Other = @{ a = @(1, 3); b = 1 } }
        @{ Value = Get-Date '2026-11-01'; Same = Get-Date '2026-11-01'; Other = Get-Date '2026-11-02' }
        @{ Value = [pscustomobject] @{ a = 1 }; Same = [pscustomobject] @{ a = 1 }; Other = [pscustomobject] @{ a = '1' } }
        @{ Value = $null; Same = $null; Other = '' }
    ) {
        $make = { param($Given) New-Flow f -Store $folder { task x { param($v) 'made' } -Argument @{ v = $Given } -Target x.json -RerunOn Input } }
        $null = Invoke-Flow (& $make $Value)
        (Invoke-Flow (& $make $Same)).Tasks.State | Should -Be Cached
        (Invoke-Flow (& $make $Other)).Tasks.State | Should -Be Success
    }

    It 'a target that is older than a source file is made again: <Files>' -ForEach @(
        @{ Files = 'a.csv' }
        @{ Files = '*.csv' }
        @{ Files = 'b[[]1].csv', '../*/a.csv' }
    ) {
        $sources = "$TestDrive/$(New-Guid)/sources"
        $null = New-Item -ItemType Directory $sources
        'a' | Set-Content "$sources/a.csv"
        'b' | Set-Content -LiteralPath "$sources/b[1].csv"
        Get-ChildItem $sources | ForEach-Object { $_.LastWriteTime = (Get-Date).AddDays(-1) }
        Push-Location $sources
        try { $flow = New-Report -Task @{ SourceFile = $Files } } finally { Pop-Location }
        $null = Invoke-Flow $flow
        (Invoke-Flow $flow).Tasks.State | Should -Be Cached
        (Get-Item "$sources/a.csv").LastWriteTime = (Get-Date).AddMinutes(1)
        (Get-FlowPlan $flow).Reason | Should -BeLike 'source file *a.csv was written since its target report.json was made'
        (Invoke-Flow $flow).Tasks.State | Should -Be Success
        Get-ChildItem $folder -Name | Sort-Object | Should -BeExactly 'report.json', 'run-index', 'runs'
    }

    It 'a source file without a name is refused: "<Name>"' -ForEach @{ Name = '' }, @{ Name = ' ' } {
        { New-Report -Task @{ SourceFile = 'a.csv', $Name } } | Should -Throw '*has no name*'
    }

    It 'a source file that is not there fails the task once there is a target to compare it with' {
        $flow = New-Report -Task @{ SourceFile = "$TestDrive/none.csv" }
        (Invoke-Flow $flow).Tasks.State | Should -Be Success
        $run = Invoke-Flow $flow
        $run.Tasks[0].State | Should -Be Failed
        $run.Tasks[0].Message | Should -BeLike '*its source file *none.csv is not there*'
    }

    It 'needs a target: <Task>' -ForEach @(
        @{ Task = @{ RerunOn = 'Script' } }
        @{ Task = @{ SourceFile = 'a.csv' } }
    ) {
        { New-Flow f { task x { 1 } @Task } } | Should -Throw '*it has none; give it one with -Target*'
    }

    It 'a row has the same parameters, and a task shows them' {
        $flow = New-Flow f -Store $folder -Task @{ Name = 'x'; ScriptBlock = { 1 }; Target = 'x.json'; RerunOn = 'Input', 'Script'; SourceFile = "$TestDrive/*.none" }
        $task = Get-FlowTask $flow x
        $task.RerunOn | Should -BeExactly 'Script', 'Input'
        $task.SourceFile | Should -BeExactly "$TestDrive/*.none"
        $task | Format-List | Out-String | Should -Match 'RerunOn\s+: Script, Input'
        (Invoke-Flow $flow).State | Should -Be Success
        (Invoke-Flow $flow).Tasks.State | Should -Be Cached
    }

    It 'a recorded run in steps makes it again, too' {
        $null = Invoke-FlowStep (New-Report) -RunId a
        (Invoke-FlowStep (New-Report { 'other' }) -RunId b).Tasks[0].Result | Should -BeExactly 'other'
        (Invoke-FlowStep (New-Report { 'other' }) -RunId c).Tasks[0].State | Should -Be Cached
    }
}
