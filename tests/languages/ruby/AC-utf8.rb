puts gets, 'ầ😀'
