BeforeAll {
    Import-Module "$PSScriptRoot/PrefectPS.Testing.psm1"
    $ErrorActionPreference = 'Stop'
}

Describe 'New-FlowStore' {
    BeforeEach {
        $folder = New-TestFolder
    }

    It 'memory://name is memory:name' {
        $name = [guid]::NewGuid()
        $null = New-Flow kept -Store "memory://$name" { task a { 'text' } } | Invoke-Flow
        @(Get-FlowRun -Store "memory:$name").Count | Should -Be 1
    }

    It 'a store is named by its address, or made by New-FlowStore' {
        $store = New-FlowStore $folder
        $store.Name | Should -BeExactly $folder
        $store.Uri | Should -BeLikeExactly 'file:///*'
        $flow = New-Flow stored -Store $store -Target '{task_name}.txt' { task a { 'text' } }
        (Invoke-Flow $flow).State | Should -BeExactly 'Success'
        Get-Content "$folder/a.txt" -Raw | Should -BeExactly 'text'
    }

    It 'a task can have a store that New-FlowStore made' {
        $store = New-FlowStore $folder
        $flow = New-Flow stored { Add-FlowTask a { 'text' } -Store $store -Target 'own.txt' }
        (Invoke-Flow $flow).State | Should -BeExactly 'Success'
        "$folder/own.txt" | Should -Exist -Because 'the result is in the store'
    }

    It 'a prefix is a part of the address' {
        $flow = New-Flow stored -Store (New-FlowStore $folder -Prefix 'a/b') -Target '{task_name}.txt' { task a { 'text' } }
        $null = Invoke-Flow $flow
        "$folder/a/b/a.txt" | Should -Exist -Because 'the result is below the prefix'
        (New-FlowStore gs://bucket/a/ -Prefix b).Uri | Should -BeExactly 'gs://bucket/a/b'
        (New-FlowStore 'azblob://contoso/flows?sv=1&sig=secret' -Prefix x).Uri | Should -BeExactly 'azblob://contoso/flows/x'
    }

    It 'a store in memory is the same one wherever it is named' {
        $store = "memory:$([guid]::NewGuid())"
        $flow = New-Flow stored -Store $store -Target '{task_name}.json' { task a { 1 } }
        (Invoke-Flow $flow).Tasks[0].State | Should -BeExactly 'Success'
        (Invoke-Flow $flow).Tasks[0].State | Should -BeExactly 'Cached'
    }

    It 'a store shows no secret' {
        $key = [Convert]::ToBase64String([byte[]] @(1..32))
        $secrets = @(
            New-FlowStore azblob://contoso/flows -AccountKey $key
            New-FlowStore azblob://contoso/flows -ConnectionString "AccountName=contoso;AccountKey=$key;EndpointSuffix=core.windows.net;DefaultEndpointsProtocol=https"
            New-FlowStore azblob://contoso/flows -SasToken "?sv=2024&sig=$key"
            New-FlowStore "https://contoso.blob.core.windows.net/flows?sv=2024&sig=$key"
            New-FlowStore azblob://contoso/flows -Tenant contoso.com -Credential ([pscredential]::new('app', [Net.NetworkCredential]::new('', $key).SecurePassword))
        )
        foreach ($store in $secrets) {
            $shown = "$store $($store.Name) $($store.Uri) $($store.PSObject.Properties | ForEach-Object { $_.Value })"
            $shown.Contains($key) | Should -BeFalse -Because 'the key is not shown'
            $shown | Should -BeLikeExactly '*flows*' -Because 'the address is'
        }
    }

    It 'a secret is taken as a secure string, too' {
        $secret = [Net.NetworkCredential]::new('', [Convert]::ToBase64String([byte[]] @(1..32))).SecurePassword
        (New-FlowStore azblob://contoso/flows -AccountKey $secret).Uri | Should -BeExactly 'azblob://contoso/flows'
    }

    It 'an address that makes no sense is an error that shows no secret: <Address>' -ForEach @(
        @{ Address = 'azblob://contoso' }
        @{ Address = 'gs://' }
        @{ Address = 'gs://UPPER/x' }
        @{ Address = 'ftp://host/x?sig=secret' }
        @{ Address = 'https://user:secret@host/container' }
        @{ Address = 'azblob://a/c/../x' }
    ) {
        $e = { New-FlowStore $Address } | Should -Throw -ErrorId 'FlowInvalid,*' -PassThru
        $e.Exception.Message | Should -Not -BeLikeExactly '*secret*' -Because $e.Exception.Message
    }

    It 'credentials that do not belong to the address are an error: <Attempt>' -ForEach @(
        @{ Attempt = { New-FlowStore gs://bucket -AccountKey $key } }
        @{ Attempt = { New-FlowStore ./folder -SasToken 'sig=x' } }
        @{ Attempt = { New-FlowStore azblob://contoso/flows -KeyFile ./key.json } }
        @{ Attempt = { New-FlowStore ./folder -Endpoint http://127.0.0.1 } }
        @{ Attempt = { New-FlowStore azblob://contoso/flows -ConnectionString "AccountName=fabrikam;AccountKey=$key" } }
        @{ Attempt = { New-FlowStore azblob://contoso/flows -ConnectionString 'nothing' } }
        @{ Attempt = { New-FlowStore azblob://contoso/flows -AccountKey 'not Base64!' } }
    ) {
        $key = [Convert]::ToBase64String([byte[]] @(1..32))
        $refused = $Attempt | Should -Throw -ErrorId 'FlowInvalid,*' -PassThru
        $refused.Exception.Message.Contains($key) | Should -BeFalse -Because $refused.Exception.Message
    }
}
