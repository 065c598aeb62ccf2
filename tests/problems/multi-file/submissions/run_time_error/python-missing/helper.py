import a_module_that_nobody_has

value = 1
