"""az, signed in to a service."""
import shutil
import subprocess

from .peers import Missing


def sign_in(service, environment):
    """Returns the environment that az needs. Raises Missing."""
    if not shutil.which("az"):
        raise Missing("az")
    endpoints, folder = service.client.endpoints, service.folder / "az"
    folder.mkdir()
    environment = {**environment, "AZURE_CONFIG_DIR": str(folder), "AZURE_CORE_COLLECT_TELEMETRY": "0",
                   "AZURE_CORE_ONLY_SHOW_ERRORS": "true"}
    management = endpoints["managementEndpoint"]
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text(endpoints["clientSecret"])
    for words in (["cloud", "register", "-n", "Bench", "--endpoint-resource-manager", f"{management}/",
                   "--endpoint-active-directory", f"{management}/adfs", "--endpoint-active-directory-resource-id",
                   f"{management}/", "--endpoint-active-directory-graph-resource-id", f"{management}/",
                   "--suffix-storage-endpoint", "core.loopback"],
                  ["cloud", "set", "-n", "Bench"],
                  ["login", "--service-principal", "-u", endpoints["clientId"], "-p", f"@{secret}", "--tenant",
                   endpoints["tenantId"], "-o", "none"]):
        subprocess.run(["az", *words], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True)
    return environment
