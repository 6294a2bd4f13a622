BeforeDiscovery {
    . "$PSScriptRoot/Places.ps1"
}

BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    . "$PSScriptRoot/Places.ps1"
    $ErrorActionPreference = 'Stop'
}

Describe 'What leaves a body fails its task' {
    It '<Name>, in <Place>' -ForEach (Get-TaskPlace -Case @(
            @{ Name = 'exit'; Body = { 'half'; exit 3; 'rest' }; Says = '*called exit 3*' }
            @{ Name = 'exit 0'; Body = { 'half'; exit }; Says = '*called exit 0*' }
            @{ Name = 'exit in a function'; Body = { function f { exit 4 }; f; 'rest' }; Says = '*called exit 4*' }
            @{ Name = 'exit in a nested block'; Body = { 1, 2 | ForEach-Object { exit 5 } }; Says = '*called exit 5*' }
            @{ Name = 'exit in try and finally'; Body = { try { exit 6 } catch { 'caught' } finally { $null = 1 } }; Says = '*called exit 6*' }
            @{ Name = 'break'; Body = { 'half'; break; 'rest' }; Says = "*'break'*outside a loop*" }
            @{ Name = 'continue'; Body = { 'half'; continue; 'rest' }; Says = "*'continue'*outside a loop*" }
            @{ Name = 'break to a label'; Body = { 'half'; break outer; 'rest' }; Says = "*'break'*outside a loop*" }
            @{ Name = 'break in ForEach-Object'; Body = { 1, 2 | ForEach-Object { break }; 'rest' }; Says = "*'break'*outside a loop*" }
            @{ Name = 'continue in a function'; Body = { function f { continue }; f; 'rest' }; Says = "*'continue'*outside a loop*" }
            @{ Name = 'a stopped pipeline'; Body = { 'half'; throw [Management.Automation.PipelineStoppedException]::new() }; Says = '*stopped its own pipeline*' }
        )) {
        foreach ($label in 1, 2) { $state = Invoke-InPlace $In $Body }
        $label | Should -Be 2
        $state.State | Should -BeExactly 'Failed'
        $state.Message | Should -BeLikeExactly $Says
        $state.Result | Should -Be $null
    }

    It 'a shell that was stopped fails the task that waits for it, in <Place>' -ForEach (Get-TaskPlace) {
        $state = Invoke-InPlace $In {
            $shell = [powershell]::Create().AddScript("'up'; Start-Sleep 60")
            $none, $output = 1, 2 | ForEach-Object { , [Management.Automation.PSDataCollection[psobject]]::new() }
            $wait = $shell.BeginInvoke($none, $output)
            while (-not $output.Count) { Start-Sleep -Milliseconds 5 }
            $shell.Stop()
            $shell.EndInvoke($wait)
            'rest'
        }
        $state.State | Should -BeExactly 'Failed'
    }

    It 'what stays inside fails nothing, in <Place>' -ForEach (Get-TaskPlace) {
        $script = Join-Path (New-TestFolder) 'ends.ps1'
        Set-Content $script "'from script'; exit 7"
        $env:PLACES_SCRIPT = $script
        $state = Invoke-InPlace $In {
            foreach ($i in 1..5) { if ($i -eq 2) { continue }; if ($i -eq 4) { break }; $i }
            & $env:PLACES_SCRIPT
            "code $LASTEXITCODE"
            1..9 | Select-Object -First 1
        }
        $state.Message | Should -BeExactly 'Task run succeeded.'
        $state.Result | Should -BeStrictly 1, 3, 'from script', 'code 7', 1
    }

    It 'an option <Name> that ends with <Way> fails its task' -ForEach @(
        foreach ($way in 'exit 2', 'break', 'continue', 'throw [Management.Automation.PipelineStoppedException]::new()') {
            $block = [scriptblock]::Create($way)
            @{ Name = 'When'; Way = $way; Task = @{ When = $block } }
            @{ Name = 'StateHandler'; Way = $way; Task = @{ StateHandler = $block } }
            @{ Name = 'Trigger'; Way = $way; Task = @{ Trigger = $block } }
        }
    ) {
        $flow = New-Flow options
        Add-FlowTask $flow first { 1 }
        Add-FlowTask $flow body { 2 } -After first @Task
        Add-FlowTask $flow other { 3 } -After first
        $run = Invoke-Flow $flow
        $run.Tasks[1].IsFailed | Should -BeTrue
        $run.Tasks[2].State | Should -BeExactly 'Success'
    }
}
