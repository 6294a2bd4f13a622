# Shows the pages of the links and records the answers. Runs as a service; the scheduled job runs the steps.
# Setting: FLOW_LINK_KEY.
param(
    [string] $Store = './flows',
    [string] $Address = 'http://+:8080/'
)

$ask = { param($build) } # this script runs no tasks

. "$PSScriptRoot/flow.ps1"

Start-FlowListener $flow $Address -LinkSigningKey $key -Verbose
