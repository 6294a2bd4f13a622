@{
    RootModule           = 'SqliteFlow.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '0c8a6f0e-6a8e-4b7c-8f0b-3a1b8f5d9e24'
    Author               = 'The PrefectPS authors'
    Description          = 'A store and a channel of PrefectPS in one SQLite file.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    # PrefectPS is installed with this module, and imported before it.
    RequiredModules      = @(@{ ModuleName = 'PrefectPS'; ModuleVersion = '0.1.0' })
    FunctionsToExport    = @('New-SqliteFlowStore', 'New-SqliteFlowChannel')
    CmdletsToExport      = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
}
