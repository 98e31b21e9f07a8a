/*
 * The module `netns`: the system calls of network namespaces that QuickJS lacks. Without it each step on the node
 * would need a process of nsenter, and each invocation one of flock.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <sys/file.h>
#include <unistd.h>
#include "quickjs.h"

static int next = -1;

pid_t __real_fork(void);

/* The child alone moves: whatever goes wrong, this process stays where it is. */
pid_t __wrap_fork(void) {
  pid_t pid = __real_fork();
  if (pid == 0 && next >= 0 && setns(next, CLONE_NEWNET) != 0) _exit(126);
  return pid;
}

/* startIn(fd): what is started from now on begins in that namespace; after startIn(-1) in this process' own. */
static JSValue start_in(JSContext *ctx, JSValueConst self, int count, JSValueConst *args) {
  return JS_ToInt32(ctx, &next, args[0]) ? JS_EXCEPTION : JS_UNDEFINED;
}

/* tryLock(fd): false where others have the lock. */
static JSValue try_lock(JSContext *ctx, JSValueConst self, int count, JSValueConst *args) {
  int fd;
  if (JS_ToInt32(ctx, &fd, args[0])) return JS_EXCEPTION;
  return JS_NewBool(ctx, flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK);
}

static const JSCFunctionListEntry functions[] = {
  JS_CFUNC_DEF("startIn", 1, start_in),
  JS_CFUNC_DEF("tryLock", 1, try_lock),
};

/* Counting references frees nearly all; looking for cycles takes longer than a process lives. */
static int init(JSContext *ctx, JSModuleDef *module) {
  JS_SetGCThreshold(JS_GetRuntime(ctx), (size_t)-1);
  return JS_SetModuleExportList(ctx, module, functions, 2);
}

JSModuleDef *js_init_module_netns(JSContext *ctx, const char *name) {
  JSModuleDef *module = JS_NewCModule(ctx, name, init);
  if (module != NULL) JS_AddModuleExportList(ctx, module, functions, 2);
  return module;
}
