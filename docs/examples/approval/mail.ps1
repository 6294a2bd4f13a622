# One execution of a release that is approved through a link in a mail: continues the unfinished run, or starts one. Call it repeatedly.
# Settings: FLOW_LINK_KEY. Microsoft Graph sends the mail: Install-Module Microsoft.Graph.Users.Actions, and Connect-MgGraph before this script (see README.md).
param(
    [string] $Store = './flows',
    [uri] $BaseUri = 'https://flows.contoso.com/',
    [string] $From = 'flows@contoso.com',
    [string] $To = 'alice@contoso.com'
)

$ask = {
    param($build)
    $link = New-FlowEventLink -Name approval -BaseUri $using:BaseUri -SigningKey $using:key -ExpiresIn 3.00:00:00
    $text = [Net.WebUtility]::HtmlEncode("Run $($FlowContext.RunId) waits for three days.")
    Send-MgUserMail -UserId $using:From -BodyParameter @{
        Message         = @{
            Subject      = "Is $build to be released?"
            Body         = @{ ContentType = 'HTML'; Content = "<p>$text</p><p><a href=""$([Net.WebUtility]::HtmlEncode($link))"">Decide</a></p>" }
            ToRecipients = @(@{ EmailAddress = @{ Address = $using:To } })
        }
        SaveToSentItems = $false # anyone who can read the mailbox could use the link
    }
}

. "$PSScriptRoot/flow.ps1"

$run = Invoke-FlowStep $flow -Resume
"run $($run.RunId), step $($run.Step): $($run.State). $($run.Message)"
$null = $run | Assert-FlowState
