BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'

    function New-Credential([string] $User, [string] $Password) {
        [pscredential]::new($User, (ConvertTo-SecureString $Password -AsPlainText -Force))
    }
}

Describe 'Add-FlowTask -SecretFrom' {
    AfterEach {
        Remove-Item function:Get-Secret, function:Get-AutomationPSCredential, function:Get-AutomationVariable, env:FLOW_SECRET -ErrorAction Ignore
    }

    It 'gives <What> to a parameter that is <Type>' -ForEach @(
        @{ What = 'a credential of a vault'; Type = '[pscredential]'; In = 'Get-Secret'; Secret = { New-Credential app 'horse battery' }; Expected = 'app/horse battery' }
        @{ What = 'a secure string of a vault'; Type = '[securestring]'; In = 'Get-Secret'; Secret = { ConvertTo-SecureString 'horse battery' -AsPlainText -Force }; Expected = '/horse battery' }
        @{ What = 'the password of a credential'; Type = '[securestring]'; In = 'Get-Secret'; Secret = { New-Credential app 'horse battery' }; Expected = '/horse battery' }
        @{ What = 'a text of a vault'; Type = '[pscredential]'; In = 'Get-Secret'; Secret = { 'app:horse: battery' }; Expected = 'app/horse: battery' }
        @{ What = 'a credential of Azure Automation'; Type = '[pscredential]'; In = 'Get-AutomationPSCredential'; Secret = { New-Credential app 'horse battery' }; Expected = 'app/horse battery' }
        @{ What = 'a variable of Azure Automation'; Type = '[securestring]'; In = 'Get-AutomationVariable'; Secret = { 'horse battery' }; Expected = '/horse battery' }
        @{ What = 'an environment variable'; Type = '[pscredential]'; In = 'env'; Secret = { 'app:horse battery' }; Expected = 'app/horse battery' }
        @{ What = 'an environment variable'; Type = ''; In = 'env'; Secret = { 'horse battery' }; Expected = '/horse battery' }
    ) {
        $value = & $Secret
        if ($In -eq 'env') { $env:FLOW_SECRET = $value } else { Set-Item "function:global:$In" { param($Name) if ($Name -eq 'FLOW_SECRET') { $value } }.GetNewClosure() }
        $block = [scriptblock]::Create("param($Type `$Secret) `$of = if (`$Secret -is [pscredential]) { `$Secret } else { [pscredential]::new('-', `$Secret) }; `"`$(`$of.UserName.Trim('-'))/`$(`$of.GetNetworkCredential().Password.Length)`"")
        $flow = New-Flow secret { task a $block -SecretFrom @{ Secret = 'FLOW_SECRET' } }
        $user, $password = $Expected -split '/', 2
        (Invoke-Flow $flow).Tasks[0].Result | Should -BeExactly "$user/$($password.Length)"
    }

    It 'comes to a task in a separate runspace too, and is masked in what it writes, in its error and in its log' {
        $env:FLOW_SECRET = 'horse battery'
        $flow = New-Flow secret -Store (New-TestFolder) {
            task a {
                param([securestring] $Secret)
                $text = [pscredential]::new('u', $Secret).GetNetworkCredential().Password
                Write-Warning "warned of $text"
                throw "refused $text"
            } -SecretFrom @{ Secret = 'FLOW_SECRET' } -Timeout 60
        }
        $run = Invoke-Flow $flow -WarningVariable warned -WarningAction SilentlyContinue
        $run.Tasks[0].Message | Should -BeExactly 'Error during execution of task: refused (secret)'
        "$warned" | Should -Not -Match 'horse'
        "$(Get-FlowLog $run | Out-String)$(Get-FlowHistory $run | Out-String)$($run | ConvertFrom-FlowState)" | Should -Not -Match 'horse'
        $store = $flow.StoreName
        Get-ChildItem $store -File -Recurse -Force | Where-Object { (Get-Content $_.FullName -Raw) -match 'horse' } | Should -BeNullOrEmpty
    }

    It 'says the name, and not the value, where the task is shown' {
        $env:FLOW_SECRET = 'horse battery'
        $flow = New-Flow secret { task a { param($Secret) } -SecretFrom @{ Secret = 'FLOW_SECRET' } }
        $flow.Tasks[0].SecretFrom.Secret | Should -BeExactly 'FLOW_SECRET'
        $flow.Tasks[0].Argument.Count | Should -Be 0
        $text = $flow.Tasks[0] | Format-List | Out-String
        $text | Should -Match 'SecretFrom +: Secret = FLOW_SECRET'
        $text | Should -Not -Match 'horse'
    }

    It 'one that is nowhere fails its task, and says where it was looked for' {
        Set-Item function:global:Get-Secret { param($Name) throw "The secret $Name was not found in vault local." }
        $run = Invoke-Flow (New-Flow secret { task a { param([pscredential] $Secret) } -SecretFrom @{ Secret = 'FLOW_SECRET' } })
        $run.Tasks[0].Error.Id | Should -BeExactly 'FlowSecretNotFound'
        $run.Tasks[0].Message | Should -BeLikeExactly "*no secret 'FLOW_SECRET': Get-Secret: The secret FLOW_SECRET was not found in vault local., and there is no environment variable*"
    }

    It 'a text without a user is not a credential' {
        $env:FLOW_SECRET = 'horse battery'
        $run = Invoke-Flow (New-Flow secret { task a { param([pscredential] $Secret) } -SecretFrom @{ Secret = 'FLOW_SECRET' } })
        $run.Tasks[0].Error.Id | Should -BeExactly 'FlowSecretNotFound'
        $run.Tasks[0].Message | Should -Not -Match 'horse'
    }

    It '<What> is an error of the definition' -ForEach @(
        @{ What = 'a parameter of a type that keeps no secret'; Define = { task a { param([string] $Secret) } -SecretFrom @{ Secret = 'FLOW_SECRET' } }; Says = '*its type [[]String] does not protect it*' }
        @{ What = 'a parameter that the block does not have'; Define = { task a { param($Other) } -SecretFrom @{ Secret = 'FLOW_SECRET' } }; Says = "*no parameter 'Secret'*" }
        @{ What = 'a value in place of a name'; Define = { task a { param($Secret) } -SecretFrom @{ Secret = 12, 13 } }; Says = '*-SecretFrom gives the parameter*a list*' }
        @{ What = 'an argument for the same parameter'; Define = { task a { param($Secret) } -SecretFrom @{ Secret = 'FLOW_SECRET' } -Argument @{ Secret = 1 } }; Says = "*'Secret' is given both*" }
    ) {
        { New-Flow secret $Define } | Should -Throw -ErrorId 'FlowTaskInvalid,*' -PassThru | Should -BeLike $Says
    }
}
