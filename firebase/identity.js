"use strict";
// Whom a token of the Auth emulator names. Its tokens are not signed, so nothing here may face a network.

/** Return `{uid, token}`, or null where the token cannot be read or has expired. */
function identityOf(token) {
  try {
    const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
    const uid = claims.user_id || claims.sub;
    return uid && claims.exp * 1000 > Date.now() ? { uid, token: claims } : null;
  } catch {
    return null;
  }
}

module.exports = { identityOf };
