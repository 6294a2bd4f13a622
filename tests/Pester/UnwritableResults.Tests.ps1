BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'UnwritableResults' {
    BeforeDiscovery {
        $kinds = @(
            @{ Name = 'a value that contains itself'; Fault = '*contains itself*'; Body = { $list = [Collections.ArrayList]::new(); [void]$list.Add($list); , $list } }
            @{ Name = 'a .NET task that has not finished'; Fault = "*'Work'*has not finished*"; Body = {
                    [pscustomobject]@{ Work = [Threading.Tasks.TaskCompletionSource[int]]::new().Task }
                }
            }
            @{ Name = 'a number of too many digits'; Fault = "*'Number'*10000 digits*"; Body = { [pscustomobject]@{ Number = [bigint]::Pow(10, 20000) } } }
            @{ Name = 'an empty XML document'; Fault = "*'Xml'*could not be read again*"; Body = { [pscustomobject]@{ Xml = [xml]::new() } } }
        )
    }

    It 'with a store it fails its task, and the run continues: <Name>' -ForEach $kinds {
        $flow = New-Flow unwritable -Store (New-TestFolder) { task bad $Body; task other { 'fine' } }
        $run = Invoke-Flow $flow
        $run.Tasks.State | Should -BeStrictly Failed, Success
        $run.Tasks[0].Message | Should -BeLikeExactly "*task 'bad'*"
        $run.Tasks[0].Message | Should -BeLikeExactly $Fault
        $run.Tasks[0].Message | Should -BeLikeExactly '*Select-Object*'
    }

    It 'in memory it is not looked at, and a document names the task: <Name>' -ForEach $kinds {
        $run = New-Flow live { task bad $Body; task other { 'fine' } } | Invoke-Flow
        $run.State | Should -BeExactly 'Success'
        { $run | ConvertFrom-FlowState } | Should -Throw -ErrorId 'FlowResultInvalid,*' -PassThru | Should -BeLikeExactly "*task 'bad'*"
    }

    It 'a property whose getter throws is null' {
        $flow = New-Flow throwing -Store (New-TestFolder) {
            task odd { [pscustomobject]@{ Name = 'odd' } | Add-Member ScriptProperty Broken { throw 'no value' } -PassThru }
        }
        $run = Invoke-Flow $flow
        $run.State | Should -BeExactly 'Success'
        (Get-FlowResult $run odd).Broken | Should -BeNullOrEmpty
    }
}
