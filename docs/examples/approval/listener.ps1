# Shows the pages of the links, and puts the answers on record: runs for as long as there are approvals. The scheduled job takes the steps.
# Setting: FLOW_LINK_KEY.
param(
    [string] $Store = './flows',
    [string] $Address = 'http://+:8080/'
)

$ask = { param($build) } # this script runs no task

. "$PSScriptRoot/flow.ps1"

Start-FlowListener $flow $Address -LinkSigningKey $key -Verbose
