# A worker: runs tasks of the flow for steps with the same cluster, until Ctrl+C or SIGTERM.
param(
    [string] $Cluster = 'localhost',
    [string] $Store = './store',
    [int] $ThrottleLimit = 4,
    [string] $Module = 'PrefectPS',
    [string] $CertificatePath, # a file with the private key and without a password, which nobody else can read
    [switch] $AllowUnencrypted # only in an isolated network
)

$ErrorActionPreference = 'Stop' # so that pwsh -File exits with 1
Import-Module $Module
$options = @{ AllowUnencrypted = $AllowUnencrypted; WarningAction = 'Ignore' }
if ($CertificatePath) { $options.Certificate = Get-PfxCertificate $CertificatePath }
$flow = & "$PSScriptRoot/flow.ps1" -Store $Store
Start-FlowWorker $flow (New-FlowCluster $Cluster @options) -ThrottleLimit $ThrottleLimit -InformationAction Continue
