# Where a task can run, and a task run there: dot-sourced by the tests that hold in every place. A new place is one more row.

$places = @(
    @{ Place = 'the session' }
    @{ Place = 'a runspace, by -ThrottleLimit'; Throttle = 2; Beside = $true }
    @{ Place = 'a runspace, by -Timeout'; Task = @{ Timeout = 120 }; Beside = $true }
    @{ Place = 'a runspace, by $using:'; Using = $true; Beside = $true }
    @{ Place = 'a map'; Map = $true }
    @{ Place = 'a map, by -ThrottleLimit'; Map = $true; Throttle = 2; Beside = $true }
    @{ Place = 'a subflow'; Subflow = $true }
    @{ Place = 'a subflow, by -ThrottleLimit'; Subflow = $true; Throttle = 2; Beside = $true }
    @{ Place = 'a map in a subflow, by -Timeout'; Subflow = $true; Map = $true; Task = @{ Timeout = 120 }; Beside = $true }
    if ($PSVersionTable.PSEdition -eq 'Core' -and $env:PREFECTPS_BUILD -ne 'netstandard2.0') { @{ Place = 'a worker'; Worker = $true; Beside = $true } } # they need PowerShell 7
)

function Start-PlacedWorker {
    <# Starts a worker beside the tests, once; it takes tasks of a flow from when it is given that. #>
    if (-not $global:PlacedWorker) {
        $listener = [Net.Sockets.TcpListener]::new('127.0.0.1', 0)
        $listener.Start()
        $cluster = "localhost:$($listener.LocalEndpoint.Port)"
        $listener.Stop()
        $flows = [Collections.Concurrent.BlockingCollection[object]]::new()
        # It asks for flows in PowerShell, which can be stopped: so it ends with the process at the latest.
        $shell = [powershell]::Create().AddScript({
            param($Module, $Flows, $Cluster)
            Import-Module $Module
            & { $flow = $null; while (-not $Flows.IsCompleted) { if ($Flows.TryTake([ref] $flow, 50)) { $flow } } } | Start-FlowWorker -Cluster $Cluster
        })
        $null = $shell.AddArgument((Get-Module PrefectPS).Path).AddArgument($flows).AddArgument($cluster).BeginInvoke()
        $global:PlacedWorker = @{ Cluster = $cluster; Flows = $flows; Shell = $shell }
    }
    $global:PlacedWorker
}

function Get-TaskPlace {
    <# The places; with cases, each of them in each place. #>
    param([hashtable[]] $Case, [switch] $Beside)

    foreach ($place in $places) {
        if ($Beside -and -not $place['Beside']) { continue }
        $row = @{ Place = $place.Place; In = $place }
        if (-not $Case) { $row }
        foreach ($each in $Case) { $row + $each }
    }
}

function Stop-PlacedWorker {
    <# Ends the worker. #>
    if (-not $global:PlacedWorker) { return }
    $global:PlacedWorker.Flows.CompleteAdding()
    $global:PlacedWorker.Shell.Stop()
    $global:PlacedWorker.Shell.Dispose()
    $global:PlacedWorker = $null
}

function ConvertTo-UsingBlock([scriptblock] $Body) {
    # The same body, which names a variable of the caller besides. Its parameters stay in front.
    $text = $Body.ToString()
    $parameters = if ($Body.Ast.ParamBlock) { $Body.Ast.ParamBlock.Extent.Text } else { '' }
    $at = $text.IndexOf($parameters) + $parameters.Length
    [scriptblock]::Create($text.Substring(0, $at) + ';$null = $using:PID;' + $text.Substring($at))
}

function Invoke-InPlace {
    <# The state of a task with this body, run in a place. #>
    param([hashtable] $In, [scriptblock] $Body, [hashtable] $Argument = @{}, [hashtable] $Task = @{}, [hashtable] $Flow = @{}, [hashtable] $Run = @{}, [string] $Store)

    $outermost = if ($Store) { @{ Store = $Store } } else { @{} }
    if ($In['Using']) { $Body = ConvertTo-UsingBlock $Body }
    $options = $Task.Clone()
    if ($In['Task']) { $options += $In.Task }
    if ($Argument.Count) { $options.Argument = $Argument }
    if ($In['Map']) {
        # A map needs a parameter to go over.
        if ($Body.Ast.ParamBlock) { throw 'A body with parameters of its own is not mapped here; give it to a place without a map.' }
        $Body = [Management.Automation.Language.Parser]::ParseInput(
            ("`n" * ($Body.StartPosition.StartLine - 1)) + 'param($__element)' + $Body, $Body.File, [ref] $null, [ref] $null).GetScriptBlock()
        $options.Map = @{ __element = 'list' }
    }
    if (-not $In['Subflow']) { $Flow = $Flow + $outermost }
    $made = New-Flow placed @Flow
    if ($In['Map']) { Add-FlowTask $made list { , @(1) } }
    Add-FlowTask $made body $Body @options
    if ($In['Subflow']) {
        $outer = New-Flow outer @outermost
        Add-FlowTask $outer part -Subflow $made
        $made = $outer
    }
    if ($In['Throttle']) { $Run = $Run + @{ ThrottleLimit = $In.Throttle } }
    if ($In['Worker']) {
        $worker = Start-PlacedWorker
        $worker.Flows.Add($made)
        $Run = $Run + @{ Cluster = $worker.Cluster }
    }
    $done = Invoke-Flow $made @Run
    if ($In['Subflow']) { $done = $done.Tasks[0].Subflow }
    $state = $done.Tasks[-1]
    if ($In['Map']) { $state.Children[0] } else { $state }
}
