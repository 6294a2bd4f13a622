BeforeDiscovery {
    # The sample is built for PowerShell 7.
    $hasSample = $PSVersionTable.PSEdition -eq 'Core' -and $env:PREFECTPS_BUILD -ne 'netstandard2.0'
}

BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $engine = (New-FlowStore memory:x).GetType().Assembly

    # A store of the engine as an object, which no cmdlet gives.
    function New-MemoryProvider($Assembly, $Name) {
        $Assembly.GetType('PrefectPS.Storage.MemoryStore').GetMethod('Named').Invoke($null, @([string] $Name))
    }
}

Describe 'New-FlowStore -Provider' {
    BeforeEach {
        $name = [guid]::NewGuid().ToString()
        $provider = New-MemoryProvider $engine $name
    }

    It 'makes a store of an object, which is that of all who name it so' {
        $store = New-FlowStore -Provider $provider
        $store.Uri | Should -BeExactly "memory:$name"
        $run = New-Flow kept -Store $store { task a { 'text' } } | Invoke-Flow
        $run.State | Should -BeExactly 'Success'
        (Get-FlowRun -Store (New-FlowStore -Provider $provider)).RunId | Should -BeExactly $run.RunId
    }

    It 'a prefix is in front of all paths, and of nothing that is listed' {
        $part = New-FlowStore -Provider $provider -Prefix 'a/b'
        $part.Uri | Should -BeExactly "memory:$name/a/b"
        $flow = New-Flow kept -Store $part -Target '{task_name}.txt' { task a { 'text' } }
        $run = Invoke-Flow $flow
        (Get-FlowRun $flow).RunId | Should -BeExactly $run.RunId
        Get-FlowRun -Store (New-FlowStore -Provider $provider) | Should -BeNullOrEmpty
        (Invoke-Flow (New-Flow whole -Store (New-FlowStore -Provider $provider) -Target 'a/b/{task_name}.txt' { task a { 'other' } })).Tasks[0].State | Should -BeExactly 'Cached'
        Remove-FlowRun $flow -RunId $run.RunId
        Get-FlowRun $flow | Should -BeNullOrEmpty
    }

    It 'a prefix that is no path is an error' {
        { New-FlowStore -Provider $provider -Prefix '../x' } | Should -Throw -ErrorId 'FlowTargetInvalid,*'
    }

    It 'takes limits' {
        (New-FlowStore -Provider $provider -ConcurrencyLimit @{ db = 2 }).ConcurrencyLimit['db'] | Should -Be 2
    }

    It 'an object that is no store is an error that names its type' {
        { New-FlowStore -Provider @{} } |
            Should -Throw -ErrorId 'FlowInvalid,*' -ExpectedMessage '-Provider takes an object that implements PrefectPS.Storage.IFlowStore, and System.Collections.Hashtable does not.'
    }

    It 'a store of another copy of the engine is an error that says which two there are' -Skip:(-not $hasSample) {
        $path = "$root/bin/net8.0/PrefectPS.Engine.dll"
        $copy = New-MemoryProvider ([Runtime.Loader.AssemblyLoadContext]::new('copy').LoadFromAssemblyPath($path)) $name
        { New-FlowStore -Provider $copy } | Should -Throw -ErrorId 'FlowInvalid,*' -ExpectedMessage (
            "-Provider cannot take PrefectPS.Storage.MemoryStore: it implements IFlowStore of another copy of PrefectPS.Engine ('$path'), not of that of this module ('$($engine.Location)'). " +
            'Remove PrefectPS.Engine.dll from the module that it comes from, and start a new session: that module is then bound to the engine of PrefectPS.')
    }

    It 'goes with no address, and with no credentials' {
        { New-FlowStore -Uri ./x -Provider $provider } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        { New-FlowStore -Provider $provider -AccountKey 'a2V5' } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }

    It 'an address of no kind that PrefectPS knows is an error that names it' {
        { New-Flow x -Store sqlite:///flows.db } | Should -Throw -ErrorId 'FlowInvalid,*' -ExpectedMessage '*there is no provider for ''sqlite''*New-FlowStore -Provider, returns.'
        { New-FlowChannel sqlite:///flows.db } | Should -Throw -ErrorId 'FlowInvalid,*' -ExpectedMessage '*there is no provider for ''sqlite''*New-FlowChannel -Provider, returns.'
    }
}

Describe 'New-FlowChannel -Provider' {
    It 'makes a channel of an object' {
        $provider = $engine.GetType('PrefectPS.Channels.MemoryChannel').GetMethod('Named').Invoke($null, @([guid]::NewGuid().ToString()))
        $channel = New-FlowChannel -Provider $provider
        $flow = New-Flow sent { task a { 1 } }
        ConvertTo-FlowState -Flow $flow | Publish-FlowMessage -Channel $channel
        (Receive-FlowMessage $channel | Invoke-FlowStep -Flow $flow).State | Should -BeExactly 'Success'
    }

    It 'an object that is no channel is an error that names its type' {
        { New-FlowChannel -Provider 'x' } |
            Should -Throw -ErrorId 'FlowInvalid,*' -ExpectedMessage '-Provider takes an object that implements PrefectPS.Channels.IFlowChannel, and System.String does not.'
    }
}

Describe 'A provider of another module' -Skip:(-not $hasSample) {
    BeforeAll {
        $built = "$root/artifacts/SqliteFlow"
        "$built/SqliteFlow.dll" | Should -Exist -Because 'the build makes docs/examples/provider, too'

        function Invoke-PowerShell([string] $Script) {
            <# Runs a script in a process of its own, which finds the modules of the folder $modules, and returns what it puts out. #>
            $file = "$(New-TestFolder)/script.ps1"
            "`$ErrorActionPreference = 'Stop'; `$env:PSModulePath = '$modules'; `$PSStyle.OutputRendering = 'PlainText'`n$Script" | Set-Content $file
            $program = (Get-Process -Id $PID).Path
            $arguments = @(if ((Split-Path $program -Leaf) -like 'dotnet*') { Join-Path $PSHOME 'pwsh.dll' }) + @('-NoProfile', '-NonInteractive', '-File', $file)
            @(& $program @arguments 2>&1 | ForEach-Object { "$_" })
        }
    }

    BeforeEach {
        # As modules are installed: SqliteFlow beside PrefectPS.
        $modules = New-TestFolder
        $null = New-Item "$modules/SqliteFlow" -ItemType SymbolicLink -Target $built
        $null = New-Item "$modules/PrefectPS" -ItemType SymbolicLink -Target $root
        $database = "$(New-TestFolder)/flows.db"
    }

    It 'takes a flow on from process to process, by its store and its channel' {
        $flow = "$root/docs/examples/provider/flow.ps1"
        Invoke-PowerShell "& '$flow' '$database'; (Get-Module PrefectPS).Name" | Should -Be 'step 1: Pending', 'PrefectPS'
        Invoke-PowerShell "Import-Module PrefectPS; & '$flow' '$database'" | Should -Be 'step 2: Pending'
        Invoke-PowerShell "& '$flow' '$database'; & '$flow' '$database'; Get-FlowRun -Store (New-SqliteFlowStore '$database') | ForEach-Object { `"`$(`$_.Flow): `$(`$_.State)`" }" |
            Should -Be 'step 3: Success', 'the orders come to 42', 'orders: Success'
    }

    It 'is imported before PrefectPS, also where its manifest does not name that' {
        $copy = "$(New-TestFolder)/SqliteFlow"
        Copy-Item $built $copy -Recurse
        (Get-Content "$copy/SqliteFlow.psd1") -notmatch 'RequiredModules' | Set-Content "$copy/SqliteFlow.psd1"
        Remove-Item "$modules/*"
        Invoke-PowerShell "Import-Module '$copy/SqliteFlow.psd1'; Import-Module '$root/PrefectPS.psd1'; (Invoke-Flow (New-Flow a -Store (New-SqliteFlowStore '$database') { task b { 42 } })).State" |
            Should -Be 'Success'
    }
}
