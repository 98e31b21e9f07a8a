/*
 * QuickJS closes every possible file of a child that it starts, one by one. Container runtimes run with a limit
 * of a million: a tenth of a second for each tool. No file of ours has a number from here on.
 */
#include <unistd.h>

long __real_sysconf(int name);

long __wrap_sysconf(int name) { return name == _SC_OPEN_MAX ? 64 : __real_sysconf(name); }
