"""October's organizations, people, teams, keys and sign-in."""

from __future__ import annotations

from tests.builders.demo.core import (
    OCTOBER,
    SECRET,
    Identity,
    Part,
    Record,
    at,
    october_ref,
    resource,
    sha256,
    who,
)

#: Since some release the id of an organization is its slug.
QUAYSIDE = who(
    "organization",
    "Quayside Cold Store",
    "2026-10-21 09:00:00",
    "",
    given_id="quayside-cold-store",
)
RELEASE_DESK = who("identity_account", "release-desk", "2026-10-21 09:12:30")
NIGHT_DESK = who("identity_account", "night-desk", "2026-10-21 09:14:02")
DEPLOY_BOT = who("identity_account", "deploy-bot", "2026-10-21 09:20:45")
ISSUER = who("federation_issuer", "Tidewater sign-in", "2026-10-21 09:05:10")
PLATFORM_TEAM = who("team", "Platform team", "2026-10-21 10:00:00")
DEPLOY_KEY = who("api_key", "deploy-bot key", "2026-10-21 09:21:30")
OLD_KEY = who("api_key", "bound to quayside", "2026-10-22 08:00:00")
EDITORS = who("grant", "platform team edits agents", "2026-10-21 10:05:00")
OPEN_INVITE = who("invitation", "Night shift, October", "2026-10-23 08:30:00")
USED_INVITE = who("invitation", "Claims desk", "2026-10-21 11:00:00")
GIT_APP = who("oauth_app", "Code hosting", "2026-10-21 12:00:00")


def organizations() -> list[Record]:
    """An organization with all its settings."""
    spec = {
        "description": "Chilled storage, a customer with an organization of its own.",
        "externalId": "crm-20417",
        "parentOrg": "tidewater",
        "preferences": {
            "standingContext": "Temperatures are in degrees Celsius.",
            "memoryEnabled": True,
        },
        "policies": {"membersCanCreateAgents": True},
        "embedding": {
            "allowedOrigins": ["https://quayside.example"],
            "createAccountsOnSignIn": True,
            "signInRole": "participant",
        },
    }
    attachers = {"embeddingVaultAttachers": {"vlt-quayside": RELEASE_DESK.id}}
    return [resource(OCTOBER, QUAYSIDE, spec, attachers, {"visibility": "visibility_private"})]


def accounts() -> list[Record]:
    """Desks, a bot, and where they sign in."""
    return [
        resource(
            OCTOBER,
            ISSUER,
            {
                "displayName": "Tidewater sign-in",
                "jwksUri": "https://id.tidewater.example/keys",
                "allowedIssuers": ["https://id.tidewater.example/"],
                "expectedAudience": "stigmer",
                "externalIdClaim": "sub",
                "createAccountsOnSignIn": True,
                "signInRole": "member",
            },
        ),
        resource(
            OCTOBER,
            RELEASE_DESK,
            {
                "email": "release-desk@tidewater.example",
                "provisioningMode": "federated",
                "federationIssuerRef": october_ref(ISSUER),
                "preferences": {
                    "standingContext": "Write dates as 2 October 2026.",
                    "defaultHarness": "native",
                    "memoryEnabled": True,
                },
            },
        ),
        resource(
            OCTOBER,
            NIGHT_DESK,
            {"email": "night-desk@tidewater.example", "provisioningMode": "direct"},
            metadata={"labels": {"shift": "22-06"}},
        ),
        resource(
            OCTOBER, DEPLOY_BOT, {"isMachineAccount": True, "provisioningMode": "service_account"}
        ),
        resource(OCTOBER, PLATFORM_TEAM, {"description": "Runs the agents of all desks."}),
    ]


def keys() -> list[Record]:
    """One key in use and one bound to an organization."""
    hashed = f"{SECRET}-{sha256(DEPLOY_KEY.name)}"
    return [
        resource(
            OCTOBER,
            DEPLOY_KEY,
            {"keyHash": hashed, "fingerprint": "b0:77:e1:02", "neverExpires": True},
            {"lastUsedAt": "2026-11-03T04:00:03.125Z"},
            {"etag": 'W/"2"'},
            updated=at("2026-11-03 04:00:03"),
        ),
        resource(
            OCTOBER,
            OLD_KEY,
            {
                "keyHash": f"{SECRET}-{sha256(OLD_KEY.name)}",
                "fingerprint": "19:cc:40:8d",
                "expiresAt": "2026-12-31T23:59:59Z",
                "boundOrg": QUAYSIDE.slug,
            },
        ),
    ]


def _invitation(invite: Identity, state: str, redeemed: list[dict[str, str]]) -> Record:
    spec = {
        "role": "member",
        "maxRedemptions": 1 + len(redeemed),
        "expiresAt": "2026-11-20T00:00:00Z",
        "label": invite.name,
    }
    status = {
        "token": f"{SECRET}-invitation-{invite.slug}",
        "state": state,
        "redemptionCount": len(redeemed),
        "redemptions": redeemed,
    }
    return resource(OCTOBER, invite, spec, status)


def access() -> list[Record]:
    """Who may do what, who was asked in, and an app to sign in with."""
    redeemed = [{"identityAccountId": NIGHT_DESK.id, "redeemedAt": "2026-10-21T11:40:12Z"}]
    return [
        resource(
            OCTOBER,
            EDITORS,
            {
                "principal": {"kind": "team", "id": PLATFORM_TEAM.id, "relation": "member"},
                "resource": {"kind": "organization", "id": QUAYSIDE.id},
                "relation": "editor",
            },
        ),
        _invitation(OPEN_INVITE, "active", []),
        _invitation(USED_INVITE, "fully_redeemed", redeemed),
        resource(
            OCTOBER,
            GIT_APP,
            {
                "provider": "git",
                "clientId": "tidewater-stigmer",
                "clientSecret": f"{SECRET}-oauth-client",
                "authorizationUrl": "https://git.tidewater.example/authorize",
                "tokenUrl": "https://git.tidewater.example/token",
                "scopes": ["repo:read", "user:email"],
                "vendorApprovalStatus": "VENDOR_APPROVAL_STATUS_APPROVED",
                "tokenEndpointAuthMethod": "TOKEN_ENDPOINT_AUTH_METHOD_CLIENT_SECRET_BASIC",
            },
        ),
    ]


def part() -> Part:
    """All of it."""
    return Part([*organizations(), *accounts(), *keys(), *access()])
