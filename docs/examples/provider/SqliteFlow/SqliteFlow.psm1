# The assembly is loaded by the first call and not by the import, so that the module can be imported before PrefectPS, whose interfaces the assembly implements.

function New-SqliteFlowStore {
    <#
    .SYNOPSIS
        Creates a store in a SQLite file.
    .EXAMPLE
        $flow = New-Flow nightly -Store (New-SqliteFlowStore ./flows.db) { task load { 42 } }
    #>
    [CmdletBinding()]
    param(
        # The file. It is created with the first object.
        [Parameter(Mandatory, Position = 0)][string] $Path,
        # What is put in front of all paths.
        [string] $Prefix,
        # Tag = how many tasks with it may run at a time.
        [Collections.IDictionary] $ConcurrencyLimit
    )
    $null = $PSBoundParameters.Remove('Path')
    Add-Type -Path "$PSScriptRoot/SqliteFlow.dll"
    New-FlowStore -Provider ([SqliteFlow.SqliteStore]::new($PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path))) @PSBoundParameters
}

function New-SqliteFlowChannel {
    <#
    .SYNOPSIS
        Creates a channel in a SQLite file.
    .EXAMPLE
        $state | Publish-FlowMessage -Channel (New-SqliteFlowChannel ./flows.db)
    #>
    [CmdletBinding()]
    param(
        # The file. It is created with the first message.
        [Parameter(Mandatory, Position = 0)][string] $Path,
        # The name of the channel: a file holds any number of them.
        [Parameter(Position = 1)][string] $Name = 'steps'
    )
    Add-Type -Path "$PSScriptRoot/SqliteFlow.dll"
    New-FlowChannel -Provider ([SqliteFlow.SqliteChannel]::new($PSCmdlet.GetUnresolvedProviderPathFromPSPath($Path), $Name))
}
