# One execution of a release that is approved in Teams: continues the unfinished run, or starts one. Call it repeatedly.
# Settings: FLOW_LINK_KEY; FLOW_TEAMS_WEBHOOK, the address of the workflow "Send webhook alerts to a channel" (see README.md).
param(
    [string] $Store = './flows',
    [uri] $BaseUri = 'https://flows.contoso.com/',
    [uri] $Webhook = $env:FLOW_TEAMS_WEBHOOK
)

$ask = {
    param($build)
    $link = New-FlowEventLink -Name approval -BaseUri $using:BaseUri -SigningKey $using:key -ExpiresIn 3.00:00:00
    $card = @{
        '$schema' = 'http://adaptivecards.io/schemas/adaptive-card.json'
        type      = 'AdaptiveCard'
        version   = '1.4'
        body      = @(
            @{ type = 'TextBlock'; size = 'Medium'; weight = 'Bolder'; wrap = $true; text = "Is $build to be released?" }
            @{ type = 'TextBlock'; wrap = $true; text = "Run $($FlowContext.RunId) waits for three days." }
        )
        actions   = @(@{ type = 'Action.OpenUrl'; title = 'Decide'; url = "$link" })
    }
    $message = @{ type = 'message'; attachments = @(@{ contentType = 'application/vnd.microsoft.card.adaptive'; content = $card }) }
    $body = [Text.Encoding]::UTF8.GetBytes(($message | ConvertTo-Json -Depth 9))
    $null = Invoke-RestMethod -Method Post -Uri $using:Webhook -ContentType 'application/json; charset=utf-8' -Body $body
}

. "$PSScriptRoot/flow.ps1"

$run = Invoke-FlowStep $flow -Resume
"run $($run.RunId), step $($run.Step): $($run.State). $($run.Message)"
$null = $run | Assert-FlowState
