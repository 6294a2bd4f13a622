Scenario 'a store is named by its address, or made by New-FlowStore' {
    $folder = Get-ScenarioFolder
    $store = New-FlowStore $folder
    Assert-Equal $folder $store.Name
    Assert-Like 'file:///*' $store.Uri
    $flow = New-Flow stored -Store $store -Target '{task_name}.txt' { task a { 'text' } }
    Assert-Equal Success (Invoke-Flow $flow).State
    Assert-Equal 'text' ([IO.File]::ReadAllText([IO.Path]::Combine($folder, 'a.txt')))
}

Scenario 'a task can have a store that New-FlowStore made' {
    $folder = Get-ScenarioFolder
    $store = New-FlowStore $folder
    $flow = New-Flow stored { Add-FlowTask a { 'text' } -Store $store -Target 'own.txt' }
    Assert-Equal Success (Invoke-Flow $flow).State
    Assert-True ([IO.File]::Exists([IO.Path]::Combine($folder, 'own.txt'))) 'the result is in the store'
}

Scenario 'a prefix is a part of the address' {
    $folder = Get-ScenarioFolder
    $flow = New-Flow stored -Store (New-FlowStore $folder -Prefix 'a/b') -Target '{task_name}.txt' { task a { 'text' } }
    $null = Invoke-Flow $flow
    Assert-True ([IO.File]::Exists([IO.Path]::Combine($folder, 'a', 'b', 'a.txt'))) 'the result is below the prefix'
    Assert-Equal 'gs://bucket/a/b' (New-FlowStore gs://bucket/a/ -Prefix b).Uri
    Assert-Equal 'azblob://contoso/flows/x' (New-FlowStore 'azblob://contoso/flows?sv=1&sig=secret' -Prefix x).Uri
}

Scenario 'a store in memory is the same one wherever it is named' {
    $flow = New-Flow stored -Store memory:scenario -Target '{task_name}.json' { task a { 1 } }
    Assert-Equal Success (Invoke-Flow $flow).Tasks[0].State
    Assert-Equal Cached (Invoke-Flow $flow).Tasks[0].State
}

Scenario 'a store shows no secret' {
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
        Assert-True (-not $shown.Contains($key)) 'the key is not shown'
        Assert-True ($shown.Contains('flows')) 'the address is'
    }
}

Scenario 'a secret is taken as a secure string, too' {
    $secret = [Net.NetworkCredential]::new('', [Convert]::ToBase64String([byte[]] @(1..32))).SecurePassword
    Assert-Equal 'azblob://contoso/flows' (New-FlowStore azblob://contoso/flows -AccountKey $secret).Uri
}

Scenario 'an address that makes no sense is an error that shows no secret' {
    foreach ($address in 'azblob://contoso', 'gs://', 'gs://UPPER/x', 'ftp://host/x?sig=secret', 'https://user:secret@host/container', 'azblob://a/c/../x') {
        $e = Assert-Error FlowInvalid { New-FlowStore $address }
        Assert-True (-not $e.Exception.Message.Contains('secret')) $e.Exception.Message
    }
}

Scenario 'credentials that do not belong to the address are an error' {
    $key = [Convert]::ToBase64String([byte[]] @(1..32))
    foreach ($attempt in
        { New-FlowStore gs://bucket -AccountKey $key },
        { New-FlowStore ./folder -SasToken 'sig=x' },
        { New-FlowStore azblob://contoso/flows -KeyFile ./key.json },
        { New-FlowStore ./folder -Endpoint http://127.0.0.1 },
        { New-FlowStore azblob://contoso/flows -ConnectionString "AccountName=fabrikam;AccountKey=$key" },
        { New-FlowStore azblob://contoso/flows -ConnectionString "nothing" },
        { New-FlowStore azblob://contoso/flows -AccountKey 'not Base64!' }) {
        $e = Assert-Error FlowInvalid $attempt
        Assert-True (-not $e.Exception.Message.Contains($key)) $e.Exception.Message
    }
}
