@{
    RootModule           = 'bin/PrefectPS.Loader/PrefectPS.psm1'
    ModuleVersion        = '0.1.0'
    GUID                 = '7f4f0a1e-6f0e-4a53-9d5e-0c1a3a0f2b61'
    Author               = 'The PrefectPS authors'
    CompanyName          = ''
    Copyright            = '(c) 2026 The PrefectPS authors. MIT licence.'
    Description          = 'Runs a flow, a graph of tasks as in Prefect, step by step: each short-lived process runs as many tasks as its budget allows and hands the state on to the next process, until the flow is done. Outcomes are never lost, and finished tasks do not run again.'
    PowerShellVersion    = '5.1'
    CompatiblePSEditions = @('Core', 'Desktop')
    FormatsToProcess     = @('bin/PrefectPS.Format.ps1xml')
    CmdletsToExport      = @(
        'Add-FlowTask'
        'Assert-FlowState'
        'ConvertFrom-FlowState'
        'ConvertTo-FlowState'
        'Debug-FlowTask'
        'Export-FlowDiagram'
        'Export-FlowReport'
        'Export-FlowState'
        'Get-FlowHistory'
        'Get-FlowLog'
        'Get-FlowPlan'
        'Get-FlowResult'
        'Get-FlowRun'
        'Get-FlowSchedule'
        'Get-FlowTask'
        'Get-FlowWorker'
        'Import-FlowState'
        'Invoke-Flow'
        'Invoke-FlowStep'
        'New-Flow'
        'New-FlowChannel'
        'New-FlowCluster'
        'New-FlowEventLink'
        'New-FlowStore'
        'Publish-FlowMessage'
        'Receive-FlowMessage'
        'Remove-FlowRun'
        'Resume-FlowRun'
        'Send-FlowEvent'
        'Send-FlowNotification'
        'Send-FlowSignal'
        'Set-FlowTaskState'
        'Show-Flow'
        'Start-FlowListener'
        'Start-FlowWorker'
        'Stop-FlowRun'
        'Suspend-FlowRun'
        'Test-Flow'
        'Undo-FlowRun'
    )
    AliasesToExport      = @('flow', 'task')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    PrivateData          = @{
        PSData = @{
            Tags         = @('workflow', 'flow', 'dag', 'orchestration', 'serverless', 'prefect', 'PSEdition_Core', 'PSEdition_Desktop')
            LicenseUri   = 'https://opensource.org/licenses/MIT'
            ReleaseNotes = 'See CHANGELOG.md in the module folder.'
        }
    }
}
