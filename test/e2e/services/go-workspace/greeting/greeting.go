// Package greeting is in a module of its own, and in C.
package greeting

/*
#include <gnu/libc-version.h>
*/
import "C"

// Libc says which C library the program runs on.
func Libc() string {
	return "glibc " + C.GoString(C.gnu_get_libc_version())
}
