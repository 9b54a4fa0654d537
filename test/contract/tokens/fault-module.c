/*
 * A PKCS#11 module that passes everything on to a real one ($FAULT_REAL) and goes wrong where $FAULT says:
 *   crash-X, abort-X             the process dies inside the call, by SIGSEGV or SIGABRT
 *   hang-X                       the call never returns
 *   garbage-X                    it answers CKR_OK with a length or count that is none
 *   lie-X                        it answers CKR_OK and what it gives is not so
 *       X: slots (C_GetSlotList), login (C_Login), find (C_FindObjects), sign (C_Sign), finalize (C_Finalize)
 *   login-function-failed        C_Login answers CKR_FUNCTION_FAILED
 *   pin-locked                   C_Login answers CKR_PIN_LOCKED
 *   removed-sign                 C_Sign answers CKR_DEVICE_REMOVED
 *   general-sign                 C_Sign answers CKR_GENERAL_ERROR
 *   slow-sign                    C_Sign takes $FAULT_MS milliseconds longer
 *   bare-mechanisms              only CKM_RSA_PKCS and CKM_ECDSA are offered
 *   hashing-mechanisms           only CKM_SHA256_RSA_PKCS_PSS is offered
 *   no-mechanisms                none is offered
 *   always-authenticate          every key asks for CKU_CONTEXT_SPECIFIC at every signature
 *   pin-pad                      the token asks for its PINs itself: only NULL is taken for one
 * With $FAULT_AFTER, the first so many calls go well. With $FAULT_ONCE, the fault happens while that file exists, and the file is deleted as it happens.
 *   locked-flag                  the token says that its PIN is locked
 *   set-pin-wants-login          C_SetPIN answers CKR_USER_NOT_LOGGED_IN before C_Login
 *   no-set-pin                   C_SetPIN answers CKR_FUNCTION_NOT_SUPPORTED
 * With $FAULT_LOG, one line is appended to that file for each C_Login (its user type), C_SetPIN and C_InitPIN (their names).
 */
#include <pkcs11/pkcs11.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static CK_FUNCTION_LIST shim;
static CK_FUNCTION_LIST_PTR real;
static int authenticated;

/* $FAULT is one name or several, with commas between them. */
static int has_fault(const char *name) {
  const char *fault = getenv("FAULT");
  size_t length = strlen(name);
  for (; fault != NULL; fault = strchr(fault, ',')) {
    if (*fault == ',') fault++;
    if (strncmp(fault, name, length) == 0 && (fault[length] == ',' || fault[length] == '\0')) return 1;
  }
  return 0;
}

static int strikes(const char *name) {
  static long spared = 0;
  const char *once = getenv("FAULT_ONCE");
  const char *after = getenv("FAULT_AFTER");
  if (!has_fault(name)) return 0;
  if (after != NULL && spared < atol(after)) {
    spared++;
    return 0;
  }
  return once == NULL || unlink(once) == 0;
}

static void hang(void);

/* Dies or hangs where $FAULT says so of this call. */
static void suffer(const char *call) {
  char name[32];
  snprintf(name, sizeof name, "crash-%s", call);
  if (strikes(name)) *(volatile int *)0 = 1;
  snprintf(name, sizeof name, "abort-%s", call);
  if (strikes(name)) abort();
  snprintf(name, sizeof name, "hang-%s", call);
  if (strikes(name)) hang();
}

static void hang(void) {
  for (;;) pause();
}

static void note(const char *line) {
  const char *path = getenv("FAULT_LOG");
  FILE *log = path == NULL ? NULL : fopen(path, "a");
  if (log == NULL) return;
  fprintf(log, "%s\n", line);
  fclose(log);
}

static void note_login(CK_USER_TYPE user) { note(user == CKU_SO ? "0" : user == CKU_USER ? "1" : "2"); }

static CK_RV slot_list(CK_BBOOL present, CK_SLOT_ID_PTR slots, CK_ULONG_PTR count) {
  suffer("slots");
  if (strikes("garbage-slots")) {
    *count = (CK_ULONG)1 << 40;
    return CKR_OK;
  }
  CK_RV result = real->C_GetSlotList(present, slots, count);
  if (slots != NULL && strikes("lie-slots")) {
    for (CK_ULONG i = 0; i < *count; i++) slots[i] = 990000 + i;
  }
  return result;
}

static CK_RV find_objects(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE_PTR found, CK_ULONG most, CK_ULONG_PTR count) {
  suffer("find");
  if (strikes("garbage-find")) {
    *count = (CK_ULONG)1 << 40;
    return CKR_OK;
  }
  CK_RV result = real->C_FindObjects(session, found, most, count);
  if (strikes("lie-find")) {
    for (CK_ULONG i = 0; i < *count; i++) found[i] = 990000 + i;
  }
  return result;
}

static CK_RV finalize(void *reserved) {
  suffer("finalize");
  CK_RV result = real->C_Finalize(reserved);
  return strikes("lie-finalize") ? CKR_GENERAL_ERROR : result;
}

static CK_RV token_info(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
  CK_RV result = real->C_GetTokenInfo(slot, info);
  if (result == CKR_OK && has_fault("pin-pad")) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
  if (result == CKR_OK && has_fault("locked-flag")) info->flags |= CKF_USER_PIN_LOCKED;
  return result;
}

static CK_RV only(const CK_MECHANISM_TYPE *offered, CK_ULONG n, CK_MECHANISM_TYPE_PTR list, CK_ULONG_PTR count) {
  if (list != NULL && *count < n) return CKR_BUFFER_TOO_SMALL;
  if (list != NULL) memcpy(list, offered, n * sizeof *offered);
  *count = n;
  return CKR_OK;
}

static CK_RV mechanism_list(CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR list, CK_ULONG_PTR count) {
  static const CK_MECHANISM_TYPE bare[] = {CKM_RSA_PKCS, CKM_ECDSA};
  static const CK_MECHANISM_TYPE hashing[] = {CKM_SHA256_RSA_PKCS_PSS};
  if (has_fault("bare-mechanisms")) return only(bare, 2, list, count);
  if (has_fault("hashing-mechanisms")) return only(hashing, 1, list, count);
  if (has_fault("no-mechanisms")) return only(bare, 0, list, count);
  return real->C_GetMechanismList(slot, list, count);
}

static CK_RV attribute_value(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_PTR template,
                             CK_ULONG count) {
  if (!has_fault("always-authenticate") || count != 1 || template[0].type != CKA_ALWAYS_AUTHENTICATE) {
    return real->C_GetAttributeValue(session, object, template, count);
  }
  if (template[0].pValue != NULL) *(CK_BBOOL *)template[0].pValue = CK_TRUE;
  template[0].ulValueLen = sizeof(CK_BBOOL);
  return CKR_OK;
}

/* What the person enters at the pad. */
static CK_RV at_the_pad(CK_UTF8CHAR_PTR *pin, CK_ULONG *length, const char *variable) {
  if (*pin != NULL || *length != 0) return CKR_ARGUMENTS_BAD;
  const char *entered = getenv(variable);
  if (entered == NULL) return CKR_FUNCTION_CANCELED;
  *pin = (CK_UTF8CHAR_PTR)entered;
  *length = strlen(entered);
  return CKR_OK;
}

static CK_RV set_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR old, CK_ULONG old_length, CK_UTF8CHAR_PTR fresh,
                     CK_ULONG fresh_length) {
  CK_SESSION_INFO info;
  note("set-pin");
  if (has_fault("no-set-pin")) return CKR_FUNCTION_NOT_SUPPORTED;
  if (has_fault("set-pin-wants-login") &&
      (real->C_GetSessionInfo(session, &info) != CKR_OK || info.state != CKS_RW_USER_FUNCTIONS)) {
    return CKR_USER_NOT_LOGGED_IN;
  }
  if (has_fault("pin-pad")) {
    CK_RV entered = at_the_pad(&old, &old_length, "FAULT_PIN");
    if (entered == CKR_OK) entered = at_the_pad(&fresh, &fresh_length, "FAULT_NEW_PIN");
    if (entered != CKR_OK) return entered;
  }
  return real->C_SetPIN(session, old, old_length, fresh, fresh_length);
}

static CK_RV init_pin(CK_SESSION_HANDLE session, CK_UTF8CHAR_PTR fresh, CK_ULONG fresh_length) {
  note("init-pin");
  if (has_fault("pin-pad")) {
    CK_RV entered = at_the_pad(&fresh, &fresh_length, "FAULT_NEW_PIN");
    if (entered != CKR_OK) return entered;
  }
  return real->C_InitPIN(session, fresh, fresh_length);
}

static CK_RV login(CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR_PTR pin, CK_ULONG length) {
  note_login(user);
  if (has_fault("pin-pad")) {
    CK_RV entered = at_the_pad(&pin, &length, user == CKU_SO ? "FAULT_SO_PIN" : "FAULT_PIN");
    if (entered != CKR_OK) return entered;
  }
  suffer("login");
  if (strikes("lie-login")) return CKR_OK;
  if (strikes("garbage-login")) return (CK_RV)0x7fffffff;
  if (strikes("login-function-failed")) return CKR_FUNCTION_FAILED;
  if (strikes("pin-locked")) return CKR_PIN_LOCKED;
  if (!has_fault("always-authenticate") || user != CKU_CONTEXT_SPECIFIC) {
    return real->C_Login(session, user, pin, length);
  }
  const char *expected = getenv("FAULT_PIN");
  if (expected == NULL || strlen(expected) != length || memcmp(expected, pin, length) != 0) return CKR_PIN_INCORRECT;
  authenticated = 1;
  return CKR_OK;
}

static CK_RV sign_init(CK_SESSION_HANDLE session, CK_MECHANISM_PTR mechanism, CK_OBJECT_HANDLE key) {
  authenticated = 0;
  return real->C_SignInit(session, mechanism, key);
}

static CK_RV sign(CK_SESSION_HANDLE session, CK_BYTE_PTR data, CK_ULONG length, CK_BYTE_PTR signature,
                  CK_ULONG_PTR signature_length) {
  suffer("sign");
  if (strikes("garbage-sign")) {
    *signature_length = (CK_ULONG)1 << 40;
    return CKR_OK;
  }
  if (strikes("lie-sign")) {
    CK_RV made = real->C_Sign(session, data, length, signature, signature_length);
    if (made == CKR_OK && signature != NULL) signature[*signature_length / 2] ^= 0x5a;
    return made;
  }
  if (strikes("removed-sign")) return CKR_DEVICE_REMOVED;
  if (strikes("general-sign")) return CKR_GENERAL_ERROR;
  if (has_fault("always-authenticate") && !authenticated) return CKR_USER_NOT_LOGGED_IN;
  if (signature != NULL) authenticated = 0;
  const char *slow = getenv("FAULT_MS");
  if (signature != NULL && slow != NULL && has_fault("slow-sign")) usleep((useconds_t)atol(slow) * 1000);
  return real->C_Sign(session, data, length, signature, signature_length);
}

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  const char *path = getenv("FAULT_REAL");
  void *library = path == NULL ? NULL : dlopen(path, RTLD_NOW | RTLD_LOCAL);
  CK_C_GetFunctionList get = library == NULL ? NULL : (CK_C_GetFunctionList)dlsym(library, "C_GetFunctionList");
  if (get == NULL) return CKR_GENERAL_ERROR;
  CK_RV result = get(&real);
  if (result != CKR_OK) return result;
  shim = *real;
  shim.C_GetSlotList = slot_list;
  shim.C_GetTokenInfo = token_info;
  shim.C_GetMechanismList = mechanism_list;
  shim.C_GetAttributeValue = attribute_value;
  shim.C_FindObjects = find_objects;
  shim.C_Finalize = finalize;
  shim.C_Login = login;
  shim.C_SetPIN = set_pin;
  shim.C_InitPIN = init_pin;
  shim.C_SignInit = sign_init;
  shim.C_Sign = sign;
  *list = &shim;
  return CKR_OK;
}
