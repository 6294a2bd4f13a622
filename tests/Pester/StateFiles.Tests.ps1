BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'Import-FlowState and Export-FlowState' {
    BeforeEach {
        $folder = New-TestFolder
        $file = Join-Path $folder state.json
        $flow = New-Flow kept {
            task one { 'Zürich' }
            task two { param($t) "in $t" } -InputFrom @{ t = 'one' }
        }
    }

    It 'no file in a folder that is there starts a run' {
        $run = Import-FlowState $flow $file
        $run.Step | Should -Be 0
        $run.Tasks.State | Should -BeExactly 'Pending', 'Pending'
        Test-Path $file | Should -BeFalse
    }

    It 'the documented loop runs a flow to its end, one task at each execution' {
        $steps = 0
        do {
            $state = Import-FlowState $flow $file
            $state = $state | Invoke-FlowStep -MaxTasks 1 -ResetCancelled
            $state | Export-FlowState $file
            $state = $state | Assert-FlowState
            $steps++
        } while ($state.HasPending)
        $steps | Should -Be 2
        (Import-FlowState $flow $file).Tasks[1].Result | Should -BeExactly 'in Zürich'
        @(Get-ChildItem $folder -Force).Name | Should -BeExactly 'state.json' -Because 'nothing else is left behind'
    }

    It 'paths are relative to the session''s location, and brackets are no wildcards' {
        Push-Location $folder
        try {
            Invoke-Flow $flow | Export-FlowState 'state [1].json'
            (Import-FlowState $flow 'state [1].json').State | Should -BeExactly 'Success'
            (Get-Item -LiteralPath 'state [1].json' | Import-FlowState $flow).State | Should -BeExactly 'Success'
        }
        finally { Pop-Location }
    }

    It 'a missing folder or drive is an error, and starts no run' {
        { Import-FlowState $flow (Join-Path $folder 'gone/state.json') } | Should -Throw -ErrorId 'FlowImportFailed,*'
        { Import-FlowState $flow 'nosuchdrive:/state.json' } | Should -Throw
        { Import-FlowState $flow $folder } | Should -Throw -ErrorId 'FlowImportFailed,*'
        { Import-FlowState $flow 'Env:PATH' } | Should -Throw -ErrorId 'FlowImportFailed,*'
    }

    It 'a file that was cut off starts no run' {
        foreach ($text in '', " `n", '{"version":1,"flow":{"name":"ke') {
            [IO.File]::WriteAllText($file, $text)
            { Import-FlowState $flow $file } | Should -Throw -ErrorId 'FlowStateInvalid,*'
        }
    }

    It 'UTF-16, as Windows PowerShell writes it, is read' {
        $json = Invoke-Flow $flow | ConvertFrom-FlowState
        foreach ($encoding in 'unicode', 'bigendianunicode', 'utf8BOM') {
            Set-Content $file $json -Encoding $encoding
            (Import-FlowState $flow $file).Tasks[0].Result | Should -BeExactly 'Zürich'
        }
    }

    It 'a file that cannot be written leaves the old one, and says so' {
        { Invoke-Flow $flow | Export-FlowState (Join-Path $folder 'gone/state.json') } | Should -Throw -ErrorId 'FlowExportFailed,*'
        { Invoke-Flow $flow | Export-FlowState $folder } | Should -Throw -ErrorId 'FlowExportFailed,*'
    }

    It '-WhatIf writes nothing, -PassThru returns the run' {
        Invoke-Flow $flow | Export-FlowState $file -WhatIf
        Test-Path $file | Should -BeFalse
        (Invoke-Flow $flow | Export-FlowState $file -PassThru).State | Should -BeExactly 'Success'
    }

    It 'parameters are for a run that starts' {
        $flow = New-Flow greet -Parameter { param([Parameter(Mandatory)] [string] $Name) } { task hello { param($Name) "Hello $Name" } }
        Import-FlowState $flow $file -Parameter @{ Name = 'Ada' } | Invoke-FlowStep | Export-FlowState $file
        (Import-FlowState $flow $file).Tasks[0].Result | Should -BeExactly 'Hello Ada'
        { Import-FlowState $flow $file -Parameter @{ Name = 'Bob' } } | Should -Throw -ErrorId 'FlowParameterInvalid,*'
    }

    It 'a signed file is checked' {
        $key = [byte[]] (1..32)
        Invoke-Flow $flow | Export-FlowState $file -SigningKey $key
        (Import-FlowState $flow $file -SigningKey $key).State | Should -BeExactly 'Success'
        { Import-FlowState $flow $file -SigningKey ([byte[]] (2..33)) } | Should -Throw -ErrorId 'FlowStateTampered,*'
    }
}
