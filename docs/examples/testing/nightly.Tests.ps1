# Invoke-Pester nightly.Tests.ps1
BeforeAll {
    $flow = & "$PSScriptRoot/nightly.ps1" -Store "$TestDrive/never-written"
    $orders = { @{ Price = 2 }, @{ Price = 3 } }
}

Describe 'nightly' {
    It 'publishes the total of what was fetched' {
        $sent = [Collections.Generic.List[object]]::new()
        $run = Invoke-Flow $flow -Mock @{ fetch = $orders; approve = { 'yes' }; publish = { param($total) $sent.Add($total) } }
        $run.State | Should -Be Success
        $sent | Should -Be 5
    }

    It 'fetches again, six hours later, and gives up after the fourth time' {
        $calls = @{ Count = 0 }
        $run = Invoke-Flow $flow -SkipWait -Mock @{ fetch = { $calls.Count++; throw 'no connection' } }
        $calls.Count | Should -Be 4
        ($run | Get-FlowTask fetch).State | Should -Be Failed
        ($run | Get-FlowTask total).State | Should -Be TriggerFailed
    }

    It 'publishes nothing that nobody has approved in three days' {
        $run = Invoke-Flow $flow -SkipWait -Mock @{ fetch = $orders; publish = { throw 'published' } }
        ($run | Get-FlowTask approve).State | Should -Be Skipped
        ($run | Get-FlowTask publish).State | Should -Be Skipped
    }
}
