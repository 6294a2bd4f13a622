BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Types' {
    It 'the types of the module can be named, short and in full' {
        $flow = New-Flow named { task one { 1 } }
        $run = Invoke-Flow $flow
        $flow -is [Flow] | Should -BeTrue
        $run -is [FlowState] | Should -BeTrue
        $run.Tasks[0] -is [FlowTaskState] | Should -BeTrue
        $flow.Tasks[0] -is [FlowTask] | Should -BeTrue
        [FlowRun].FullName | Should -BeExactly 'PrefectPS.Runs.FlowRun'
        $run -is [PrefectPS.Flows.FlowState] | Should -BeTrue
    }

    It 'a function can declare them' {
        function Get-Name { [OutputType([string])] param([Parameter(ValueFromPipeline)] [FlowState] $State) process { $State.Flow.Name } }
        New-Flow declared { task one { 1 } } | Invoke-Flow | Get-Name | Should -BeExactly 'declared'
        { Get-Name 'text' } | Should -Throw
    }

    It 'the names are gone with the module, and there again with it' -Skip:($env:PREFECTPS_BUILD -eq 'netstandard2.0') {
        $manifest = (Resolve-Path "$PSScriptRoot/../../PrefectPS.psd1").Path
        $powershell = [powershell]::Create()
        try {
            # Names that were looked up once are kept by PowerShell: the table says what is known.
            $script = {
                param($manifest)
                $table = [psobject].Assembly.GetType('System.Management.Automation.TypeAccelerators')
                Import-Module $manifest
                $table::Get['FlowState']
                Remove-Module PrefectPS
                'gone: ' + -not $table::Get.ContainsKey('FlowState')
            }
            $found = $powershell.AddScript("$script").AddArgument($manifest).Invoke()
            $found[0].FullName | Should -BeExactly 'PrefectPS.Flows.FlowState'
            $found[1] | Should -BeExactly 'gone: True'
        }
        finally {
            $powershell.Dispose()
            Import-Module $manifest -Global -Force
        }
    }

    It 'a document is ASCII, in every form, and reads back' {
        $flow = New-Flow 'Flüge nach Łódź' -Parameter @{ Ziel = 'Zürich' } { task 'prüfen' { 'naïve 😀 日本' } }
        $run = Invoke-Flow $flow
        foreach ($json in ($run | ConvertFrom-FlowState), ($run | ConvertFrom-FlowState -AsPrefect), ($run | ConvertFrom-FlowState -Compact)) {
            $json | Should -Match '^[\x20-\x7e]+$'
            $read = $json | ConvertTo-FlowState -Flow $flow
            $read.Tasks[0].Result | Should -BeExactly 'naïve 😀 日本'
        }
        $key = [byte[]] (1..32)
        $signed = $run | ConvertFrom-FlowState -SigningKey @{ 'schlüssel' = $key }
        $signed | Should -Match '^[\x20-\x7e]+$'
        ($signed | ConvertTo-FlowState -Flow $flow -SigningKey @{ 'schlüssel' = $key }).State | Should -BeExactly 'Success'
    }
}

Describe 'Get-FlowRun -Newest' {
    It 'gets the newest runs of those that fit' {
        $flow = New-Flow many -Store (New-TestFolder) -Parameter @{ Fail = $false } { task a { param($Fail) if ($Fail) { throw 'no' } } }
        foreach ($id in 'a', 'b', 'c') { $null = Invoke-Flow $flow -RunId $id -Parameter @{ Fail = $id -ne 'c' } }
        (Get-FlowRun $flow -Newest 2).RunId | Should -BeExactly 'c', 'b'
        (Get-FlowRun $flow -State Failed -Newest 1).RunId | Should -BeExactly 'b'
        { Get-FlowRun $flow -Newest 0 } | Should -Throw
    }
}
