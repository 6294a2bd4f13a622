# A worker: runs tasks of the flow, for whoever runs it with the same cluster, until Ctrl+C or SIGTERM.
param(
    [string] $Cluster = 'localhost',
    [string] $Store = './store',
    [int] $ThrottleLimit = 4,
    [string] $Module = 'PrefectPS',
    [string] $CertificatePath, # a file with its key that needs no password, and that nobody else can read
    [switch] $AllowUnencrypted # in a network that nobody else is in
)

$ErrorActionPreference = 'Stop' # pwsh -File exits with 1 then
Import-Module $Module
$options = @{ AllowUnencrypted = $AllowUnencrypted; WarningAction = 'Ignore' }
if ($CertificatePath) { $options.Certificate = Get-PfxCertificate $CertificatePath }
$flow = & "$PSScriptRoot/flow.ps1" -Store $Store
Start-FlowWorker $flow (New-FlowCluster $Cluster @options) -ThrottleLimit $ThrottleLimit -InformationAction Continue
