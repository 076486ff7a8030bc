"""Every Azure AD library of Debian gets a token, and the token is worth something."""
import json
import os
import ssl
import urllib.request

import adal
import azure.core.exceptions
import azure.identity
import msal
import msrestazure.azure_active_directory
import msrestazure.azure_cloud

from service import CLIENT, MANAGEMENT, SECRET, SUBSCRIPTION, TENANT, credential
from waiting import expect


def try_out(token, library):
    request = urllib.request.Request(f"{MANAGEMENT}/subscriptions?api-version=2019-11-01",
                                     headers={"Authorization": f"Bearer {token}"})
    context = ssl.create_default_context(cafile=os.environ["CA_BUNDLE"])
    with urllib.request.urlopen(request, context=context) as answer:
        expect(SUBSCRIPTION, json.load(answer)["value"][0]["subscriptionId"], f"what the token of {library} opens")


def by_adal():
    context = adal.AuthenticationContext(f"{MANAGEMENT}/{TENANT}", validate_authority=False, api_version=None)
    got = context.acquire_token_with_client_credentials("https://management.core.windows.net/", CLIENT, SECRET)
    expect("Bearer", got["tokenType"], "the type of adal's token")
    try_out(got["accessToken"], "adal")
    try:
        context.acquire_token_with_client_credentials("https://management.azure.com/", CLIENT, "wrong")
        raise AssertionError("adal took a wrong secret")
    except adal.AdalError as error:
        assert "AADSTS7000215" in error.error_response["error_description"], error


def by_msal():
    application = msal.ConfidentialClientApplication(CLIENT, SECRET, authority=f"{MANAGEMENT}/adfs")
    got = application.acquire_token_for_client([f"{MANAGEMENT}//.default"])
    expect(3599, got.get("expires_in"), f"the life of MSAL's token in {sorted(got)}")
    try_out(got["access_token"], "MSAL")
    wrong = msal.ConfidentialClientApplication(CLIENT, "wrong", authority=f"{MANAGEMENT}/adfs")
    refusal = wrong.acquire_token_for_client([f"{MANAGEMENT}//.default"])
    expect(("invalid_client", [7000215]), (refusal["error"], refusal["error_codes"]), "MSAL's refusal")


def by_msrestazure():
    cloud = msrestazure.azure_cloud.get_cloud_from_metadata_endpoint(MANAGEMENT, session=None)
    expect(f"{MANAGEMENT}/adfs", cloud.endpoints.active_directory, "the authority in the metadata")
    credentials = msrestazure.azure_active_directory.ServicePrincipalCredentials(
        CLIENT, SECRET, tenant=TENANT, cloud_environment=cloud)
    try_out(credentials.token["access_token"], "msrestazure")


def by_azure_identity():
    got = credential().get_token("https://management.azure.com/.default")
    try_out(got.token, "azure-identity")
    wrong = azure.identity.ClientSecretCredential("adfs", CLIENT, "wrong", authority=MANAGEMENT)
    try:
        wrong.get_token("https://management.azure.com/.default")
        raise AssertionError("azure-identity took a wrong secret")
    except azure.core.exceptions.ClientAuthenticationError as error:
        assert "AADSTS7000215" in str(error), error


def by_managed_identity():
    os.environ["AZURE_POD_IDENTITY_AUTHORITY_HOST"] = MANAGEMENT
    got = azure.identity.ManagedIdentityCredential().get_token("https://management.azure.com/.default")
    try_out(got.token, "the managed identity")
    named = azure.identity.ManagedIdentityCredential(client_id=CLIENT)
    named = named.get_token("https://management.azure.com/.default")
    try_out(named.token, "the managed identity by its id")


for way in (by_adal, by_msal, by_msrestazure, by_azure_identity, by_managed_identity):
    way()
